/** n8n's scan of one folder, printed as JSON. Usage: node scan.mjs <scanner's package> <folder> source|package */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [scanner, folder, kind] = process.argv.slice(2);
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(pathToFileURL(join(scanner, 'scanner/scanner.mjs')).href);
const patterns = kind === 'source' ? SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
console.log(JSON.stringify(await analyzePackage(folder, patterns)));
