import { type Step, askSteps } from './askSteps.ts';
import { type Draft, sharesSecret, toProfile, toSecrets } from './draft.ts';
import { type ConnectionProfile, DEFAULT_USER, checkName, suggestName } from './profile.ts';
import { SIGN_INS, type SignIn } from './profileFields.ts';
import { checkUrl, toServerUrl } from './serverUrl.ts';

/** Chosen in place of an answer: the rest is written in the settings. */
export const MORE = 'more';

export interface FormRequest {
  readonly title: string;
  /** Answers known already. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly takenNames: readonly string[];
  /** The profile that is edited. */
  readonly edited?: ConnectionProfile | undefined;
  /** True if the secret of the edited profile is stored: it need not be typed again. */
  readonly isStored?: boolean;
}

type Answers = Readonly<Record<string, string>>;

const KEPT = "It is kept in VS Code's secret storage, never in the settings.";

const SIGN_IN_CHOICES = [
  { value: 'password', label: 'Password' },
  { value: 'token', label: 'Access token', detail: 'A JWT, for ClickHouse Cloud' },
  { value: 'certificate', label: 'Client certificate', detail: 'PEM files' },
  { value: 'none', label: 'No password' },
  {
    value: MORE,
    label: 'More…',
    detail: 'Own CA, proxy, headers, roles, read only, production, cluster: opens the settings',
  },
] as const;

/** A profile from answers of the form. */
function fromAnswers(answers: Answers, { takenNames, edited }: FormRequest): ConnectionProfile {
  const { cert, key, ...others } = answers;
  const tls = cert === undefined ? edited?.tls : { ...edited?.tls, cert, key };
  const url = toServerUrl(answers['url'] ?? '');
  const name = answers['name'] ?? suggestName(url, takenNames);
  return toProfile({ ...others, name, url, ...(tls && { tls }) }, takenNames, edited);
}

function keepsSecret(request: FormRequest, answers: Answers): boolean {
  const { isStored = false, edited } = request;
  if (!isStored || !edited) return false;
  const user = answers['user'] ?? DEFAULT_USER;
  const signIn = SIGN_INS.find((each) => each === answers['signIn']) ?? 'password';
  return sharesSecret({ ...edited, url: toServerUrl(answers['url'] ?? ''), user, signIn }, edited);
}

function secretStep(heading: string, prompt: string, kept: boolean, empty: string): Step {
  return {
    heading,
    prompt: `${prompt} ${KEPT}`,
    placeholder: kept ? 'Empty: keep the stored one' : empty,
    value: '',
    password: true,
    check: () => undefined,
  };
}

function fileStep(heading: string, prompt: string): Step {
  return {
    heading,
    prompt,
    placeholder: '~/clickhouse/client.pem',
    value: '',
    check: (text) => (text.trim() === '' ? { message: 'Enter the path of a file.' } : undefined),
  };
}

function stepFor(request: FormRequest, name: string, answers: Answers): Step {
  switch (name) {
    case 'url':
      return {
        heading: 'Server',
        prompt: 'Host, or URL of the HTTP interface',
        placeholder: 'localhost, or https://host.example:8443',
        value: '',
        check: (text) => {
          const meant = toServerUrl(text);
          const checked = checkUrl(meant);
          if (!checked.ok) return { message: checked.problem };
          if (meant !== text.trim()) return { message: `This means ${meant}.`, mayPass: true };
          return checked.note === undefined ? undefined : { message: checked.note, mayPass: true };
        },
      };
    case 'user':
      return {
        heading: 'User',
        prompt: 'User',
        placeholder: DEFAULT_USER,
        value: DEFAULT_USER,
        check: () => undefined,
      };
    case 'signIn':
      return {
        heading: 'Sign in',
        prompt: 'How to sign in',
        value: 'password' satisfies SignIn,
        choices: SIGN_IN_CHOICES,
        check: () => undefined,
      };
    case 'password': {
      const user = answers['user'] === '' ? DEFAULT_USER : (answers['user'] ?? DEFAULT_USER);
      const kept = keepsSecret(request, answers);
      return secretStep('Password', `Password of "${user}".`, kept, 'Empty: no password');
    }
    case 'token':
      return secretStep('Access token', 'Access token (JWT).', keepsSecret(request, answers), '');
    case 'cert':
      return fileStep('Certificate', 'Path of the client certificate (PEM)');
    case 'key':
      return fileStep('Key', 'Path of its private key (PEM); it may be the same file');
    case 'passphrase':
      return secretStep('Passphrase', 'Passphrase of the key.', true, '');
    default:
      return {
        heading: 'Name',
        prompt: 'Name shown in the Connections view',
        value: suggestName(toServerUrl(answers['url'] ?? ''), request.takenNames),
        check: (text) => {
          const message = checkName(text, request.takenNames);
          return message === undefined ? undefined : { message };
        },
      };
  }
}

/** What is asked, by the answers so far. */
function stepNames({ edited }: FormRequest, { signIn }: Answers): string[] {
  const names = ['url', 'user', 'signIn'];
  if (signIn === MORE) return names;
  if (signIn === 'certificate') names.push('cert', 'key', 'passphrase');
  else if (signIn !== 'none') names.push(signIn === 'token' ? 'token' : 'password');
  return edited ? [...names, 'name'] : names;
}

/** Empty secrets that keep what is stored, or that a key does not need, are left out. */
function secretsOf(request: FormRequest, answers: Answers): Draft['secrets'] {
  const given = { ...answers };
  if (given['passphrase'] === '') delete given['passphrase'];
  if (keepsSecret(request, answers)) {
    for (const kind of ['password', 'token']) {
      if (given[kind] === '') Reflect.deleteProperty(given, kind);
    }
  }
  return toSecrets(given);
}

export interface Filled extends Draft {
  /** True: the user wants to write the rest in the settings. */
  readonly more: boolean;
}

/** Asks for what a connection needs; undefined when the user turned away. */
export async function askConnection(request: FormRequest): Promise<Filled | undefined> {
  const { title, given } = request;
  const answers = await askSteps(
    title,
    (soFar) => stepNames(request, soFar),
    given,
    (name, soFar) => stepFor(request, name, soFar),
  );
  if (!answers) return undefined;
  const { signIn, ...others } = answers;
  const more = signIn === MORE;
  const known: Answers = more || signIn === undefined ? others : answers;
  return { profile: fromAnswers(known, request), secrets: secretsOf(request, known), more };
}
