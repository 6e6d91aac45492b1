import { CalendarPlus } from "lucide-react";
import type { FormEvent } from "react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { download } from "@/components/ui/download";
import { CONTROL, FormField, TextField } from "@/components/ui/form-field";
import { useSpeech } from "@/components/words/words";
import type { Weekday } from "./calendar-file";
import { calendarFile, WEEKDAYS } from "./calendar-file";

/** A day of the week to be reminded on, as a file for the person's own calendar. The server knows nothing of it. */
export function Reminder() {
  const { words, locale } = useSpeech();
  const { reminder } = words;
  const [weekday, setWeekday] = useState<Weekday>("SU");
  const [time, setTime] = useState("20:00");
  const names = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });

  function save(event: FormEvent) {
    event.preventDefault();
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const url = `${window.location.origin}/clarify`;
    const file = calendarFile({ weekday, time, title: reminder.title, text: reminder.text, url, timeZone }, new Date());
    download(new Blob([file], { type: "text/calendar;charset=utf-8" }), "clarify.ics");
  }

  return (
    <form onSubmit={save} aria-label={reminder.heading} className="flex flex-wrap items-end gap-3">
      <FormField label={reminder.day} error={undefined}>
        {(control) => (
          <select
            {...control}
            value={weekday}
            onChange={(event) => setWeekday(WEEKDAYS.find((day) => day === event.target.value) ?? weekday)}
            className={CONTROL}
          >
            {WEEKDAYS.map((day, index) => (
              <option key={day} value={day}>
                {/* The first Sunday of 2023 was the first of January. */}
                {names.format(Date.UTC(2023, 0, 1 + index))}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <TextField
        label={reminder.time}
        error={undefined}
        type="time"
        required
        value={time}
        onChange={(event) => setTime(event.target.value)}
      />
      <Button look="quiet" type="submit" className="min-h-11">
        <CalendarPlus aria-hidden className="size-4" />
        {reminder.save}
      </Button>
    </form>
  );
}
