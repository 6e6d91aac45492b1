/** This app's own database: a coaching practice, in the words and types of whatever it is read with. */
export interface PracticeStore {
  client(clientId: string): Promise<Client | null>;
  goals(clientId: string): Promise<Goal[]>;
  observations(clientId: string): Promise<Observation[]>;
  meetings(clientId: string): Promise<Meeting[]>;
  notes(clientId: string): Promise<Note[]>;
  addGoal(clientId: string, goal: { title: string }): Promise<Goal>;
}

export interface Client {
  id: string;
  fullName: string;
  joinedAt: Date;
  meetingsHeld: number;
  notesWritten: number;
}

export interface Goal {
  id: string;
  title: string;
  dueOn: Date | null;
  changedAt: Date;
}

export interface Observation {
  id: string;
  text: string;
  /** 1 to 10. */
  weight: number;
}

export interface Meeting {
  id: string;
  topic: string;
  turns: number;
  lastAt: Date;
}

export interface Note {
  id: string;
  mood: string;
  text: string;
  writtenAt: Date;
}
