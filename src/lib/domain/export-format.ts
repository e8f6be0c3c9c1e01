/** What usage can be written as. */
export const EXPORT_FORMATS = ['focus', 'cloudevents', 'csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
