// `npm run licences`
import { writeFileSync } from 'node:fs';
import { licencesPage } from './packages.js';

writeFileSync('docs/licences.md', licencesPage());
