package e2e

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/app"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
	"latchkey/store"
	"latchkey/workflow/notify"
)

// kind is one kind of request, from asking to its end, as people and time play it: "…" is where
// the request's issue stands.
type kind struct {
	name, requester, approver string
	steps                     []string
}

func kindsOfRequest() []kind {
	maya := func(name, what string, steps ...[]string) kind {
		ask := []string{"slack maya /access", "slack maya submit " + what + " reason='Launch assets'"}
		return kind{name, "maya", "noor", append(ask, slices.Concat(steps...)...)}
	}
	yes, there := []string{"slack noor click Approve"}, []string{"jira … status Granted"}
	over, byHand := []string{"jira … status Closed"}, []string{"slack ines click 'It''s done'"}
	return []kind{
		maya("automatic", "app=figma role=viewer for=6h", there, []string{"clock +5h35m", "clock +30m"}, over),
		maya("one stage", "app=figma role=editor for=6h", yes, there, []string{"clock +5h35m", "clock +30m"}, over),
		maya("two stages", "app=aws role=staging for=4h", yes, []string{"slack priya click Approve"}, there, []string{"clock +3h45m", "clock +20m"}, over),
		maya("denied", "app=figma role=editor for=6h", []string{"slack noor click Deny", "slack noor submit reason='Use the shared library'", "jira … status Declined"}),
		maya("lapsed", "app=figma role=editor for=30d", slices.Repeat([]string{"clock +6h"}, 15*4), []string{"jira … status Canceled"}),
		maya("extended", "app=figma role=editor for=6h", yes, there,
			[]string{"clock +1h", "slack maya click Extend", "slack maya submit more=6h reason='The launch moved'", "slack maya close", "clock +10h35m", "clock +30m"}, over),
		maya("by hand", "app=pixelshop role=retoucher for=30d", yes, byHand, there, slices.Repeat([]string{"clock +1d"}, 29), []string{"clock +23h", "clock +2h"}, byHand, over),
		{"emergency", "tom", "priya", []string{
			"slack tom '/access emergency'", "slack tom submit break_glass_role='Production database · Read only' break_glass_time=1h reason='Payments are down'",
			"slack tom submit typed='Production database'", "jira … status Granted", "slack priya click Justified", "clock +35m", "clock +30m", "jira … status Closed"}},
	}
}

// made is what one request makes of each thing.
type made struct {
	asked, others, it       int // messages, by who reads them
	public, internal, mails int // in Jira
	edits, calls            int
}

// TestCountsOfOneRequest plays one request of each kind, among people who are known from another
// before it, and counts what people and services get of it: messages and comments until its end,
// edits of messages, and the calls to all services until the first hours pass. Whoever changes
// these numbers changes what people live with.
func TestCountsOfOneRequest(t *testing.T) {
	kinds := kindsOfRequest()
	counted := make([]made, len(kinds))
	t.Run("kinds", func(t *testing.T) {
		for i, k := range kinds {
			t.Run(k.name, func(t *testing.T) {
				t.Parallel()
				counted[i] = k.count(t)
			})
		}
	})
	path := filepath.Join("testdata", "counts.golden")
	if *update && !t.Failed() {
		table := countsHead
		for i, k := range kinds {
			table += counted[i].line(k.name, counted[i].room())
		}
		if err := os.WriteFile(path, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimPrefix(string(golden), countsHead), "\n")
	for i, k := range kinds {
		n, want := counted[i], lines[min(i, len(lines)-1)]
		if most := limits(want); n.line(k.name, most) != want+"\n" || n.edits > most.edits || n.calls > most.calls {
			t.Errorf("it is\n%s%sand not (-update accepts it)\n%s", countsHead, n.line(k.name, n), want)
		}
	}
}

const countsHead = "kind       | to who asked | to others | to IT | public comments | internal | mails | edits | calls\n"

// line is a kind's line of the table. What is drawn and asked for at the same time is so once or
// more often, so that edits and calls have a most.
func (n made) line(kind string, most made) string {
	return fmt.Sprintf("%-10s | %12d | %9d | %5d | %15d | %8d | %5d | ≤ %3d | ≤ %3d\n",
		kind, n.asked, n.others, n.it, n.public, n.internal, n.mails, most.edits, most.calls)
}

// room is what may come on a day when less happens at the same time.
func (n made) room() made { return made{edits: n.edits*3/2 + 2, calls: n.calls*5/4 + 5} }

// limits are the last two columns of a line.
func limits(line string) (most made) {
	cells := strings.Split(line, "|")
	number := func(from int) int {
		n, _ := strconv.Atoi(strings.Trim(cells[max(0, len(cells)-from)], "≤ "))
		return n
	}
	return made{edits: number(2), calls: number(1)}
}

// count plays the kind, and says what came of it.
func (k kind) count(t *testing.T) made {
	q := newQuiet(t)
	q.play("clock Monday", "slack "+k.requester+" /access", "slack "+k.requester+" submit app=github role=write reason='The release'",
		"slack "+k.approver+" click Deny", "slack "+k.approver+" submit reason='Not this week'", "jira IT-1 status Declined")
	q.still()
	before, edits, calls := q.messages(), q.edits(), q.calls()
	var n made
	for _, step := range k.steps {
		if n.calls == 0 && strings.HasPrefix(step, "clock") {
			n.calls = q.calls() - calls
		}
		q.play(strings.Replace(step, "…", "IT-2", 1))
	}
	if n.calls == 0 {
		n.calls = q.calls() - calls
	}
	n.edits = q.edits() - edits
	for place, all := range q.messages() {
		*n.side(place, k.requester) += all - before[place]
	}
	is, _ := q.c.world.Jira.Issue("IT-2")
	n.inJira(is)
	q.onDiet(is)
	return n
}

// side is the count of messages in a place.
func (n *made) side(place, requester string) *int {
	switch place {
	case "#it-access":
		return &n.it
	case requester:
		return &n.asked
	}
	return &n.others
}

// inJira counts comments, and the mails that a service project writes to whoever asked as it
// comes: that the request is there, each public comment, and each further status, which brings
// its resolution in the same step.
func (n *made) inJira(is jira.Issue) {
	n.mails = 1
	for _, c := range is.Comments {
		if c.Public {
			n.public++
			n.mails++
		} else {
			n.internal++
		}
	}
	for _, c := range is.History {
		if c.Field == "status" {
			n.mails++
		}
	}
}

// onDiet tells what would mail people who needn't be: a comment that is edited, somebody who
// is made to take part, a resolution that is set before the comment which says why.
func (q *quiet) onDiet(is jira.Issue) {
	q.Helper()
	if n := q.c.world.Jira.Stats()["PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}"]; n > 0 {
		q.Errorf("%d comments were edited", n)
	}
	if len(is.Participants) > 0 {
		q.Errorf("%q were made to take part", is.Participants)
	}
	var said, resolved time.Time
	for _, c := range is.Comments {
		if c.Public {
			said = c.Created
		}
	}
	for _, c := range is.History {
		if c.Field == "resolution" {
			resolved = c.At
		}
	}
	if resolved.IsZero() || said.After(resolved) {
		q.Errorf("it was resolved at %s, and customers read of it at %s", resolved, said)
	}
}

// quiet is a company in which every step is waited for until nothing is left to do.
type quiet struct {
	*testing.T
	c     *company
	store store.Store
}

func newQuiet(t *testing.T) *quiet {
	t.Helper()
	return newQuietIn(t, t.TempDir(), nil)
}

// newQuietIn is newQuiet in a folder and in a world that differs from the usual one.
func newQuietIn(t *testing.T, dir string, change []func(*sandbox.Config), hooks ...func(*app.Hooks)) *quiet {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "bot.log"))
	if err != nil {
		t.Fatal(err)
	}
	q := &quiet{T: t}
	opened := make(chan store.Store, 1)
	q.c, err = foundIn(change, dir, log, append(hooks, func(h *app.Hooks) {
		h.Store = func(s store.Store) store.Store { opened <- s; return s }
	})...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(q.c.close(), log.Close()); err != nil {
			t.Error(err)
		}
	})
	q.store = <-opened
	return q
}

// play carries steps out, each until the bot has nothing left to do.
func (q *quiet) play(steps ...string) {
	q.Helper()
	for _, step := range steps {
		play(q.T, q.c, step)
		ctx, cancel := context.WithTimeout(q.Context(), timeout)
		err := q.rest(ctx)
		if cancel(); err != nil {
			q.Fatalf("%s: %v", step, err)
		}
	}
}

// soon is for how long something that will be done keeps a step from being over.
const soon = 30 * time.Second

// rest waits until nothing is due, and no task is carried out or will be soon.
func (q *quiet) rest(ctx context.Context) error {
	for {
		changed := q.c.world.Changed()
		left := ""
		err := q.store.View(ctx, func(tx store.Tx) (err error) {
			left, err = leftToDo(tx, q.c.world.Clock.Now(), soon)
			return err
		})
		if err != nil || left == "" {
			return err
		}
		select {
		case <-changed:
		case <-time.After(lookAgain): // what is done in the store is seen nowhere
		case <-ctx.Done():
			return fmt.Errorf("it doesn't come to rest: %s", left)
		}
	}
}

// leftToDo is what is due, carried out, or will be within some time; nothing: the bot rests.
func leftToDo(tx store.Tx, now time.Time, within time.Duration) (string, error) {
	for _, noun := range []string{"request", "grant"} {
		if at, ok, err := tx.NextDue(noun); err != nil || ok && !at.After(now) {
			return "a " + noun + " is due", err
		}
	}
	return underWay(tx, "", now.Add(within))
}

// toShow is what Slack is to show by a moment, or is being shown; nothing: it is all there.
func toShow(tx store.Tx, by time.Time) (string, error) { return underWay(tx, notify.Queue, by) }

// underWay is a task of a queue, or of any, that is carried out or will be by a moment.
func underWay(tx store.Tx, queue string, by time.Time) (string, error) {
	tasks, err := tx.Tasks("", 0, 1000)
	i := slices.IndexFunc(tasks, func(t store.Task) bool {
		return (queue == "" || t.Queue == queue) && (t.State == store.Claimed || t.State == store.Ready && !t.NotBefore.After(by))
	})
	if err != nil || i < 0 {
		return "", err
	}
	return tasks[i].ID, nil
}

// messages counts what the bot has written, by who reads it; in channels what is about a request,
// as IT reads other things there, too.
func (q *quiet) messages() map[string]int {
	out, names := map[string]int{}, map[string]string{}
	seen := q.c.world.Slack.Snapshot()
	for _, u := range seen.Users {
		names[u.ID], _, _ = strings.Cut(u.Email, "@")
	}
	for _, channel := range seen.Channels {
		for _, m := range seen.Messages[channel.ID] {
			if m.BotID != "" && !m.Ephemeral && (channel.IM || strings.Contains(slack.Render(m), "|IT-2>")) {
				out[cmp.Or(names[channel.User], "#"+channel.Name)]++
			}
		}
	}
	return out
}

func (q *quiet) edits() int { return q.c.world.Slack.Stats()["chat.update"] }

// calls counts those to all services, without those that are made every half a minute to see
// what is new in Jira.
func (q *quiet) calls() (n int) {
	for call, times := range q.c.calls() {
		if !strings.HasSuffix(call, "/search/jql") && !strings.HasSuffix(call, "/bulkfetch") {
			n += times
		}
	}
	return n
}

// still waits until a moment has gone by without a call: what a start and the clock bring is over.
func (q *quiet) still() {
	q.Helper()
	late := time.After(timeout)
	for before := -1; before != q.calls(); {
		before = q.calls()
		select {
		case <-time.After(5 * lookAgain):
		case <-late:
			q.Fatal("there is no end to the calls")
		}
	}
}
