import type { OperatorRole } from '../contracts.g.ts';

/** What the page says about who looks at it. It only decides what is shown: the server asks again. */
export const role = (): OperatorRole => (document.documentElement.dataset.role as OperatorRole | undefined) ?? 'employee';

export const isManager = (): boolean => role() !== 'employee';
