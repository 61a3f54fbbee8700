package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"latchkey/app"
)

// seatsOfFigma are two seats of Figma and an app that couldn't be read, as the bot tells of them.
const seatsOfFigma = `{"read": "2026-11-16T09:00:00Z", "at_most": 25, "apps": [
  {"id": "figma", "name": "Figma", "accounts": 3, "standings": {"idle": 1, "unknown": 2}, "idle": 1, "seat": {"Price": 1250, "Currency": "EUR", "Committed": 5, "Renews": "2027-03-01T00:00:00Z"},
   "seats": [
    {"name": "=Maya\u001b[2J", "accounts": ["maya@acme.example"], "roles": ["Editor"], "standing": "idle", "seen": {"Last": "2026-08-20T10:00:00Z", "Source": "sign-ins", "Reach": "2026-08-18T09:00:00Z"}},
    {"name": "Tom", "accounts": ["tom@acme.example", "00u7"], "roles": ["Editor", "Admin"], "standing": "unknown", "why": "Okta doesn't tell."}]},
  {"id": "miro", "name": "Miro", "unread": "Okta is away."}]}`

func figmaSeats(t *testing.T) (s app.ReclaimSummary) {
	t.Helper()
	if err := json.Unmarshal([]byte(seatsOfFigma), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheTableOfSeats adds up, says what is known and from what, and nothing in it draws on the terminal.
func TestTheTableOfSeats(t *testing.T) {
	var out bytes.Buffer
	if err := writeSeats(&out, figmaSeats(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Figma: 3 seats = 1 idle + 2 unknown.", "12.50 EUR a seat and month; idle ones: 12.50 EUR a month", "5 seats are paid for, 2 more than are held; the contract is renewed on 1 March 2027.",
		"used 2026-08-20, by sign-ins", "use not known", "Okta doesn't tell.", "not read: Okta is away. Nothing is taken away there.",
		"1 idle seat of 2 apps would come back if nobody answered. At most 25 people are asked in one turn. Nothing was changed.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\u001b") {
		t.Errorf("a name draws on the terminal: %q", out.String())
	}
	out.Reset()
	if err := writeSeats(&out, app.ReclaimSummary{}); err != nil || !strings.Contains(out.String(), "No app has reclaim") {
		t.Errorf("of nothing it says %q, %v", out.String(), err)
	}
}

// TestTheFileOfSeats has a line for each, and for each app that couldn't be read; no cell is a formula.
func TestTheFileOfSeats(t *testing.T) {
	var out bytes.Buffer
	if err := writeSeatsCSV(&out, figmaSeats(t)); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(&out)
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("%d lines: %v", len(lines), err)
	}
	if got := strings.Join(lines[1], "|"); got != "Figma|idle|'=Maya [2J|maya@acme.example|Editor|||2026-08-20T10:00:00Z|sign-ins|2026-08-18T09:00:00Z|||12.50|EUR|5|2027-03-01" {
		t.Errorf("Maya's line is %s", got)
	}
	if got := lines[3]; got[0] != "Miro" || got[1] != "not read" || len(got) != len(lines[0]) {
		t.Errorf("the line of what couldn't be read is %v", got)
	}
}

// TestTheQuestionsAreListed by when they were asked.
func TestTheQuestionsAreListed(t *testing.T) {
	var out bytes.Buffer
	first, second := app.ReclaimCase{Holder: "maya@acme.example", What: "Figma · Editor", Stands: "asked"}, app.ReclaimCase{Holder: "tom@acme.example", What: "Figma · Editor", Stands: "put off"}
	first.ID, second.ID = "RC-1", "RC-2"
	first.Asked, second.Asked = time.Unix(1, 0), time.Unix(2, 0)
	if err := writeCases(&out, []app.ReclaimCase{second, first}); err != nil || !strings.HasPrefix(out.String(), "RC-1  maya@acme.example  Figma · Editor") || !strings.Contains(out.String(), "put off") {
		t.Errorf("it says %q, %v", out.String(), err)
	}
	out.Reset()
	if err := writeCases(&out, nil); err != nil || !strings.Contains(out.String(), "Nobody is asked") {
		t.Errorf("of nothing it says %q, %v", out.String(), err)
	}
}

// TestReclaimIsToldWhatToDo on the command line.
func TestReclaimIsToldWhatToDo(t *testing.T) {
	for _, args := range [][]string{{"--dry-run", "--format", "xml"}, {"exempt", "RC-1"}, {"exempt", "--why", "x"}, {"exempt", "--person", "tom@acme.example", "--why", "x"}, {"exempt", "RC-1", "--app", "figma", "--why", "x"}} {
		c := reclaimCommand()
		c.SetArgs(args)
		c.SetOut(io.Discard)
		c.SetErr(io.Discard)
		if err := c.Execute(); err == nil || !strings.Contains(err.Error(), "--") {
			t.Errorf("%v: %v", args, err)
		}
	}
	var out bytes.Buffer
	c := reclaimCommand()
	c.SetArgs(nil)
	c.SetOut(&out)
	if err := c.Execute(); err != nil || !strings.Contains(out.String(), "asks nobody and takes nothing away") {
		t.Errorf("%v: %s", err, out.String())
	}
}
