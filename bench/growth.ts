export async function growthMeasures(_rounds: number): Promise<unknown[]> {
  return [];
}
export function growthTable(_m: readonly unknown[]): string {
  return '';
}
