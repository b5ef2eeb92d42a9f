import { fileURLToPath } from 'node:url';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The layers of docs/architecture.md. `target` must not import `from`, but for the `except` folders. */
const layers = [
  { target: './src/shared', from: './src/core' },
  { target: './src/shared', from: './src/host' },
  { target: './src/shared', from: './webview' },
  { target: './src/core', from: './src/host' },
  { target: './src/core', from: './webview' },
  { target: './src/host', from: './webview' },
  { target: './webview', from: './src/host' },
  { target: './webview', from: './src/core', except: ['./arrow', './types'] },
  { target: './webview', from: './src/core/arrow/spool' },
  { target: ['./src', './webview'], from: './test' },
  // What the webview may import stays free of connections and files, also by way of others.
  ...['client', 'transfer', 'engine', 'sql', 'arrow/spool'].map((folder) => ({
    target: ['./src/core/arrow/*.ts', './src/core/types'],
    from: `./src/core/${folder}`,
  })),
];

const banned = (...names) => ({
  'no-restricted-imports': ['error', { patterns: names.map((regex) => ({ regex })) }],
});
const NODE = '^node:';
const VSCODE = '^vscode$';

export default tseslint.config(
  { ignores: ['dist', 'out', 'node_modules', '.*/', 'test-results', 'samples'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: root, zones: layers }],
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'No barrel files: import from the file that owns the name.',
        },
      ],
    },
  },
  { files: ['src/shared/**/*.ts'], rules: banned(NODE, VSCODE) },
  { files: ['src/core/**/*.ts'], rules: banned(VSCODE) },
  { files: ['src/core/types/**/*.ts', 'src/core/arrow/*.ts'], rules: banned(VSCODE, NODE) },
  { files: ['webview/**/*.ts'], rules: banned(VSCODE, NODE) },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
