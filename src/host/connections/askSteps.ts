import * as vscode from 'vscode';

export interface Problem {
  readonly message: string;
  /** True: a hint only, the text may be taken. */
  readonly mayPass?: boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
}

/** One question of several. */
export interface Step {
  /** Stays visible when a problem takes the prompt's place. */
  readonly heading: string;
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** The answer is one of these, instead of typed text. */
  readonly choices?: readonly Choice[];
  check(text: string): Problem | undefined;
}

const BACK = Symbol('back');

type Answer = string | typeof BACK | undefined;

function pickStep(
  title: string,
  step: Step,
  at: number,
  total: number,
  choices: readonly Choice[],
): Promise<Answer> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & Choice>();
  Object.assign(pick, {
    title: `${title}: ${step.heading}`,
    step: at + 1,
    totalSteps: total,
    placeholder: step.prompt,
    ignoreFocusOut: true,
    buttons: at > 0 ? [vscode.QuickInputButtons.Back] : [],
  });
  return new Promise<Answer>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.value);
    });
    pick.onDidTriggerButton(() => {
      resolve(BACK);
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
    pick.items = choices;
    pick.activeItems = choices.filter(({ value }) => value === step.value);
    pick.show();
  }).finally(() => {
    pick.dispose();
  });
}

function askStep(title: string, step: Step, at: number, total: number): Promise<Answer> {
  if (step.choices) return pickStep(title, step, at, total, step.choices);
  const box = vscode.window.createInputBox();
  const { Warning, Error } = vscode.InputBoxValidationSeverity;
  Object.assign(box, {
    title: `${title}: ${step.heading}`,
    step: at + 1,
    totalSteps: total,
    prompt: step.prompt,
    value: step.value,
    placeholder: step.placeholder,
    password: step.password ?? false,
    ignoreFocusOut: true,
    buttons: at > 0 ? [vscode.QuickInputButtons.Back] : [],
  });
  const show = (problem: Problem | undefined): void => {
    box.validationMessage = problem && {
      message: problem.message,
      severity: problem.mayPass === true ? Warning : Error,
    };
  };
  return new Promise<Answer>((resolve) => {
    box.onDidChangeValue((text) => {
      // An empty box that was just opened needs no scolding; one that was emptied does.
      show(step.check(text));
    });
    box.onDidAccept(() => {
      const problem = step.check(box.value);
      show(problem);
      if (problem === undefined || problem.mayPass === true) resolve(box.value.trim());
    });
    box.onDidTriggerButton(() => {
      resolve(BACK);
    });
    box.onDidHide(() => {
      resolve(undefined);
    });
    box.show();
  }).finally(() => {
    box.dispose();
  });
}

/**
 * Asks one question after the other, with a way back. `namesFor` tells what to ask, and `stepFor` makes each
 * question, from the answers so far. Undefined when the user turned away.
 */
export async function askSteps(
  title: string,
  namesFor: (answers: Readonly<Record<string, string>>) => readonly string[],
  given: Readonly<Record<string, string | undefined>>,
  stepFor: (name: string, answers: Readonly<Record<string, string>>) => Step,
): Promise<Record<string, string> | undefined> {
  const answers: Record<string, string> = {};
  for (let at = 0; ;) {
    const names = namesFor(answers);
    if (at >= names.length) return pickOf(answers, names);
    const name = names[at] ?? '';
    const step = stepFor(name, answers);
    const value = answers[name] ?? given[name] ?? step.value;
    const answer = await askStep(title, { ...step, value }, at, names.length);
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      at -= 1;
    } else {
      answers[name] = answer;
      at += 1;
    }
  }
}

/** An answer to a question that another one took away is none. */
function pickOf(answers: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(answers).filter(([name]) => names.includes(name)));
}
