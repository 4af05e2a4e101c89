export declare function declarationsText(root?: string): Promise<string>;
