"use client";

import type { ComponentProps } from "react";
import { createContext, useContext, useState } from "react";

const TabIndex = createContext<0 | -1 | undefined>(undefined);

/** The `tabIndex` of a control: undefined outside a `TabStop`. */
export function useTabIndex(): 0 | -1 | undefined {
  return useContext(TabIndex);
}

/**
 * An item of a list that is a single stop of the Tab key, whose own keys move between the items. The controls inside an item
 * are stops only while the focus is in it.
 */
export function TabStopItem(props: ComponentProps<"article">) {
  const [within, setWithin] = useState(false);
  return (
    <TabIndex value={within ? 0 : -1}>
      <article
        tabIndex={-1}
        onFocus={() => setWithin(true)}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget)) setWithin(false);
        }}
        {...props}
      />
    </TabIndex>
  );
}
