export function declarationTexts(root?: string): Promise<Map<string, string>>;
