/** How the sections of an application are shown. */
export type SectionLooks<Name extends string> = Readonly<Record<Name, SectionLook>>;

export interface SectionLook {
  title: string;
  /** The class of its background, in the bar and beside its title. */
  tone: string;
}
