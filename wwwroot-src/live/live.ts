export const live = { start(): void {} };
