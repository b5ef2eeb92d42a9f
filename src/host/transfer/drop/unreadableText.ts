/** Of a dropped file whose bytes nobody gives. */
export function unreadableText(name: string): string {
  return `${name} could not be read. If it is a folder: a browser gives folders to nobody. Choose Insert File into Table… and the folder's files, or drop the folder from VS Code's explorer.`;
}
