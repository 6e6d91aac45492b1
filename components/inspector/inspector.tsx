import type { ReactNode } from "react";
import { useState } from "react";
import type { BuiltContext, ContextItem } from "@/server/context/context";
import { InspectorActions } from "./inspector-actions";
import { InspectorSection } from "./inspector-section";
import type { SectionLooks } from "./section-looks";
import { TokenBar } from "./token-bar";

interface InspectorProps<Name extends string> {
  context: BuiltContext<Name>;
  looks: SectionLooks<Name>;
  /** When the browser got the context, by its own clock. */
  readAt: number;
  /** Whether the context is being read again. */
  busy: boolean;
  onRefresh: () => void;
  /** Adds to an item what can be done with it. Default: the item alone. */
  itemAround?: (section: Name, item: ContextItem, shown: ReactNode) => ReactNode;
  /** Stands between the token bar and the sections. */
  children?: ReactNode;
}

/**
 * A built context of any sections: what each holds and, on demand, where it came from and what it takes in the prompt. What is
 * technical is hidden by style, so that whoever shows it does not wait.
 */
export function Inspector<Name extends string>(props: InspectorProps<Name>) {
  const { context, looks, readAt, busy, onRefresh, itemAround = asItIs, children } = props;
  const { sections, tokens, budget, buildMs, text } = context;
  const [technical, setTechnical] = useState(false);
  return (
    <div
      className="flex min-h-0 flex-1 flex-col"
      data-testid="inspector"
      data-build-ms={buildMs}
      data-technical={technical}
    >
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-4">
        <TokenBar sections={sections} looks={looks} tokens={tokens} budget={budget} />
        {children}
        <ul className="flex flex-col divide-y divide-line border-line border-b">
          {sections.map((section) => (
            <li key={section.name}>
              <InspectorSection
                section={section}
                look={looks[section.name]}
                readAt={readAt}
                itemAround={(item, shown) => itemAround(section.name, item, shown)}
              />
            </li>
          ))}
        </ul>
      </div>
      <InspectorActions
        text={text}
        busy={busy}
        onRefresh={onRefresh}
        technical={technical}
        onTechnical={() => setTechnical(!technical)}
      />
    </div>
  );
}

function asItIs(_section: string, _item: ContextItem, shown: ReactNode): ReactNode {
  return shown;
}
