/** Prometheus text of this process; the library is loaded by the first scrape, not by the start. */
export const collectMetrics = async (): Promise<{ readonly type: string; readonly text: string }> => {
  const { register, collectDefaultMetrics } = await import('prom-client');
  if (register.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics({ prefix: '' });
  return { type: register.contentType, text: await register.metrics() };
};
