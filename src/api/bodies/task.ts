import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { MAX_LENGTH } from '../../domain/text.js';
import { IsCode, IsDay, IsOneOf, IsPart, IsPlainText, IsSectionCode } from '../http/validation.js';
import { EffectiveBody, IsPlace, IsYear, ReasonedBody } from './common.js';

const KINDS = ['date', 'yearly', 'continuous', 'condition', 'open'] as const;

export class DeadlineBody {
  @ApiProperty({ description: 'Verbatim', example: '12/2025' })
  @IsPlainText(MAX_LENGTH.deadline)
  notation!: string;

  @ApiProperty()
  @IsOneOf(KINDS)
  kind!: (typeof KINDS)[number];

  @ApiPropertyOptional({ description: 'Only of kind `date`', example: '2025-12-31' })
  @IsOptional()
  @IsDay()
  dueOn?: string;

  @ApiPropertyOptional({
    description: 'Only of kind `condition`',
    example: 'Sau khi có văn bản của Trung ương',
  })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.condition)
  condition?: string;
}

export class GiveTaskBody extends EffectiveBody {
  @ApiProperty({ description: 'Code in the annex; the id becomes `<planId>/t/<code>`', example: '44' })
  @IsCode()
  code!: string;

  @ApiProperty({ example: 'Xây dựng kho dữ liệu dùng chung' })
  @IsPlainText(MAX_LENGTH.taskTitle)
  title!: string;

  @ApiPropertyOptional({ example: 'Kế hoạch của UBND tỉnh' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.expectedResult)
  expectedResult?: string;

  @ApiPropertyOptional({ example: 't/I' })
  @IsOptional()
  @IsSectionCode()
  section?: string;

  @IsPlace(44)
  order!: number;

  @ApiProperty({ type: DeadlineBody })
  @IsPart(() => DeadlineBody)
  deadline!: DeadlineBody;
}

export class ReviseDeadlineBody extends ReasonedBody {
  @ApiProperty({ type: DeadlineBody })
  @IsPart(() => DeadlineBody)
  deadline!: DeadlineBody;
}

export class TaskConditionBody extends EffectiveBody {
  @ApiPropertyOptional({ description: 'Day by which the task is due from now on', example: '2025-12-31' })
  @IsOptional()
  @IsDay()
  dueOn?: string;

  @ApiProperty({ description: 'What was waited for', example: 'Công văn 1234/BKHCN-CĐS' })
  @IsPlainText(1_000)
  evidence!: string;
}

export class TaskProgressBody extends EffectiveBody {
  @ApiProperty({ example: 'Draft plan sent to the agencies for comment' })
  @IsPlainText(5_000)
  note!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(1_000)
  evidence?: string;
}

export class CompleteTaskBody extends EffectiveBody {
  @IsYear('Only of a yearly task: the year it was done for')
  year?: number;

  @ApiProperty({ example: 'Kế hoạch 2048/KH-UBND' })
  @IsPlainText(5_000)
  result!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(1_000)
  evidence?: string;
}

export class ReopenTaskBody extends ReasonedBody {
  @IsYear('Only of a yearly task: the year it was not done for')
  year?: number;
}
