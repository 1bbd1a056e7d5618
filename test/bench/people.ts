import type { Actor } from '../../src/domain/message.js';
import { OFFICE_USER } from './provinces.js';

export const OFFICE: Actor = { subject: OFFICE_USER, name: 'Nguyễn Thị Lan', role: 'office', agencyId: null };
/** Who reported a figure does not accept it. */
export const COLLEAGUE: Actor = { subject: 'tuan', name: 'Trần Anh Tuấn', role: 'office', agencyId: null };

export const reporterOf = (agencyId: string): Actor => ({
  ...{ subject: `bao-cao.${agencyId}`, name: `Cán bộ báo cáo của ${agencyId}` },
  ...{ role: 'reporter', agencyId },
});
