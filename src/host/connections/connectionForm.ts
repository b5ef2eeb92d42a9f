import { type Step, askSteps } from './askSteps.ts';
import {
  type ConnectionProfile,
  DEFAULT_USER,
  checkName,
  checkUrl,
  secretKey,
  suggestName,
} from './profile.ts';

/** A profile before it is saved, with its password. */
export interface Draft {
  readonly profile: ConnectionProfile;
  /** Undefined: the stored one stays as it is. */
  readonly password: string | undefined;
}

type Login = Pick<ConnectionProfile, 'url' | 'user'>;

export interface FormRequest {
  readonly title: string;
  /** Answers known already. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly takenNames: readonly string[];
  /** The login that a password is stored for: with another URL or user it must be typed anew. */
  readonly stored?: Login | undefined;
}

/** A profile from answers. @throws Error with a text for people when URL or name are not usable. */
export function toProfile(
  answers: Readonly<Record<string, string | undefined>>,
  takenNames: readonly string[],
): ConnectionProfile {
  const url = checkUrl(answers['url'] ?? '');
  if (!url.ok) throw new Error(url.problem);
  const name = (answers['name'] ?? '').trim();
  const badName = checkName(name, takenNames);
  if (badName !== undefined) throw new Error(badName);
  const user = (answers['user'] ?? '').trim();
  const database = (answers['database'] ?? '').trim();
  return {
    name,
    url: url.url,
    ...(user === '' || user === DEFAULT_USER ? {} : { user }),
    ...(database === '' ? {} : { database }),
  };
}

function isStored({ stored }: FormRequest, login: Login): boolean {
  return stored !== undefined && secretKey(stored) === secretKey(login);
}

function toUrl(typed: string): string {
  const checked = checkUrl(typed);
  return checked.ok ? checked.url : typed;
}

function stepFor(
  request: FormRequest,
  name: string,
  answers: Readonly<Record<string, string>>,
): Step {
  const free = { check: () => undefined };
  switch (name) {
    case 'url':
      return {
        heading: 'URL',
        prompt: 'URL of the HTTP interface',
        placeholder: 'http://localhost:8123 or https://host.example:8443',
        value: '',
        check: (text) => {
          const checked = checkUrl(text);
          if (!checked.ok) return { message: checked.problem };
          return checked.note === undefined ? undefined : { message: checked.note, mayPass: true };
        },
      };
    case 'user':
      return {
        heading: 'User',
        prompt: 'User',
        placeholder: DEFAULT_USER,
        value: DEFAULT_USER,
        ...free,
      };
    case 'password': {
      const { url = '' } = answers;
      const user = answers['user'] === '' ? DEFAULT_USER : (answers['user'] ?? DEFAULT_USER);
      return {
        heading: 'Password',
        prompt: `Password of "${user}". It is kept in VS Code's secret storage, never in the settings.`,
        placeholder: isStored(request, { url: toUrl(url), user })
          ? 'Empty: keep the stored password'
          : 'Empty: no password',
        value: '',
        password: true,
        ...free,
      };
    }
    case 'database':
      return {
        heading: 'Database',
        prompt: 'Database to start in',
        placeholder: "Empty: the user's own",
        value: '',
        ...free,
      };
    default:
      return {
        heading: 'Name',
        prompt: 'Name shown in the Connections view',
        value: suggestName(answers['url'] ?? '', request.takenNames),
        check: (text) => {
          const message = checkName(text, request.takenNames);
          return message === undefined ? undefined : { message };
        },
      };
  }
}

/** Asks for a connection in five steps; undefined when the user turned away. */
export async function askConnection(request: FormRequest): Promise<Draft | undefined> {
  const names = ['url', 'user', 'password', 'database', 'name'];
  const { title, given, takenNames } = request;
  const answers = await askSteps(title, names, given, (name, soFar) =>
    stepFor(request, name, soFar),
  );
  if (!answers) return undefined;
  const profile = toProfile(answers, takenNames);
  const keeps = isStored(request, profile) && answers['password'] === '';
  return { profile, password: keeps ? undefined : (answers['password'] ?? '') };
}
