/** A setting under which the server of a result prints values otherwise than by default. */
export interface TextSetting {
  name: string;
  /** As `system.settings` shows it. */
  value: string;
}
