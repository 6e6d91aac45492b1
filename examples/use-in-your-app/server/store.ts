// In place of the database of your app: a boatyard's projects, and who works on them.

export interface Member {
  id: string;
  fullName: string;
  joinedOn: Date;
}

export interface Project {
  id: string;
  boatName: string;
  memberIds: readonly string[];
}

export interface Task {
  id: string;
  projectId: string;
  title: string;
  dueOn: Date | null;
}

export interface Note {
  id: string;
  projectId: string;
  authorId: string;
  text: string;
  writtenAt: Date;
}

export interface Store {
  member(memberId: string): Promise<Member | null>;
  projectsOf(memberId: string): Promise<Project[]>;
  project(projectId: string): Promise<Project | null>;
  tasks(projectId: string): Promise<Task[]>;
  addTask(projectId: string, task: { title: string }): Promise<Task>;
  /** One person's own notes on a project. Nobody else sees them. */
  notes(projectId: string, authorId: string): Promise<Note[]>;
}

export function createStore(): Store {
  const members: Member[] = [
    { id: "noa", fullName: "Noa Levin", joinedOn: new Date("2024-03-01") },
    { id: "dan", fullName: "Dan Berg", joinedOn: new Date("2025-06-15") },
  ];
  const projects: Project[] = [
    { id: "heron", boatName: "Heron", memberIds: ["noa", "dan"] },
    { id: "tern", boatName: "Tern", memberIds: ["noa"] },
  ];
  const tasks: Task[] = [
    { id: "t1", projectId: "heron", title: "Paint the hull", dueOn: new Date("2027-04-01") },
    { id: "t2", projectId: "tern", title: "Mend the mainsail", dueOn: null },
  ];
  const notes: Note[] = [
    { id: "n1", projectId: "heron", authorId: "noa", text: "The keel worries me", writtenAt: new Date("2026-11-02") },
  ];
  return {
    member: async (memberId) => members.find(({ id }) => id === memberId) ?? null,
    projectsOf: async (memberId) => projects.filter(({ memberIds }) => memberIds.includes(memberId)),
    project: async (projectId) => projects.find(({ id }) => id === projectId) ?? null,
    tasks: async (projectId) => tasks.filter((task) => task.projectId === projectId),
    async addTask(projectId, { title }) {
      const task = { id: crypto.randomUUID(), projectId, title, dueOn: null };
      tasks.push(task);
      return task;
    },
    notes: async (projectId, authorId) =>
      notes.filter((note) => note.projectId === projectId && note.authorId === authorId),
  };
}
