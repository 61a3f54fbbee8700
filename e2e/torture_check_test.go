package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/evidence"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/postgres"
)

// aftermath is all that can be seen when the killing is over.
type aftermath struct {
	lifecycles []*lifecycle
	issues     map[string][]jira.Issue // by token
	channels   map[string][]slack.Message
	members    map[string][]string // ids of accounts by the name that the group had at first
	dms        map[string]string   // channel of a person's conversation, by their id in Slack
	statuses   map[string]string   // names that statuses had at first, by id
	answers    []string
	halted     []string
	excuses    []excuse // what the hostile acts explain

	verified  evidence.Verification
	events    []access.Event
	tasks     []store.Task
	at        time.Time                     // the world's, when it was looked at
	audiences map[access.EventKind][]string // which comments an event gets when nobody is killed; nil: not known

	agentsRead map[string]string // what agents read of an event
}

// invariant is something that must hold however often the bot is killed.
type invariant struct {
	name  string
	check func(*aftermath) []string // what violates it
}

func invariants() []invariant {
	return []invariant{
		{"every click that was acknowledged is saved", (*aftermath).acknowledgedIsSaved},
		{"every request has exactly one issue", (*aftermath).oneIssue},
		{"every event has exactly one comment", (*aftermath).oneComment},
		{"every approved grant is in the group, or visibly stuck", (*aftermath).grantedIsIn},
		{"every ended grant is out of the group", (*aftermath).endedIsOut},
		{"nobody is in a group without a request that says why", (*aftermath).noStranger},
		{"no message is repeated that a person would notice", (*aftermath).noRepetition},
		{"nobody is told nonsense", (*aftermath).noNonsense},
		{"card and issue tell how every story ended", (*aftermath).toldTheEnd},
		{"every story goes on", (*aftermath).noHalt},
		{"the event chain is whole", (*aftermath).wholeChain},
		{"no work is left over", (*aftermath).nothingLeft},
	}
}

var token = regexp.MustCompile(`token-\d+`)

// look gathers what the emulated services show.
func (w *torture) look() *aftermath {
	w.mu.Lock()
	a := &aftermath{at: w.world.Clock.Now(), lifecycles: slices.Clone(w.lifecycles), answers: slices.Clone(w.answers), halted: slices.Clone(w.halted), statuses: w.statuses}
	w.mu.Unlock()
	a.excuses = w.hostile.excuses()
	a.agentsRead = map[string]string{}
	a.issues, a.channels, a.members, a.dms = map[string][]jira.Issue{}, map[string][]slack.Message{}, map[string][]string{}, map[string]string{}
	for _, is := range w.world.Jira.Issues() {
		t := token.FindString(is.Description)
		a.issues[t] = append(a.issues[t], is)
		for _, c := range is.Comments {
			ids, to := stampOf(c)
			for _, id := range ids {
				if to == "agents" {
					a.agentsRead[id] = c.Text
				}
			}
		}
	}
	for _, c := range w.world.Slack.Channels() {
		a.channels[c.ID] = w.world.Slack.Messages(c.ID)
	}
	for _, u := range w.world.Slack.Users() {
		if !u.IsBot && !u.IsRestricted && !u.Deleted {
			a.dms[u.ID] = w.dm(u)
			a.channels[w.dm(u)] = w.world.Slack.Messages(w.dm(u))
		}
	}
	org := w.world.Okta.Snapshot()
	for name, id := range w.groups {
		if name != "Everyone" && name != "security" {
			a.members[name] = org.Members[id]
		}
	}
	return a
}

// open reads the log and the tasks out of the store, which no bot may have open.
func (a *aftermath) open(w *torture) error {
	s, err := w.openStore()
	if err != nil {
		return err
	}
	defer s.Close()
	if a.verified, err = evidence.Verify(context.Background(), s); err != nil {
		return err
	}
	return s.View(context.Background(), func(tx store.Tx) error {
		for after := uint64(0); ; {
			page, err := store.Events(tx, store.Filter{}, after, 1000)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			a.events = append(a.events, page...)
			after = page[len(page)-1].Place
		}
		a.tasks, err = tx.Tasks("", 0, 10_000)
		return err
	})
}

// openStore opens what the bot has left behind.
func (w *torture) openStore() (store.Store, error) {
	if w.dsn == "" {
		return bolt.Open(w.store, bolt.Options{})
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), time.Minute) // what came to a halt is judged, too
	defer cancel()
	s, err := postgres.Open(ctx, postgres.Settings{DSN: value.NewSecret(w.dsn)}, postgres.Options{Alone: true})
	if err != nil {
		return nil, err
	}
	return s, s.Sealed(ctx)
}

func (a *aftermath) oneIssue() []string {
	var out []string
	for _, e := range a.lifecycles {
		if n := len(a.issues[e.token]); n != 1 {
			out = append(out, fmt.Sprintf("%s has %d issues", e.token, n))
		}
	}
	for t, list := range a.issues {
		if t == "" && a.excused(list) {
			continue
		}
		if !slices.ContainsFunc(a.lifecycles, func(e *lifecycle) bool { return e.token == t }) {
			out = append(out, fmt.Sprintf("%s (%s) is about nothing that was asked for", list[0].Key, t))
		}
	}
	return out
}

// stamps are the comments of an issue by event, with the sides they show.
func stamps(is jira.Issue) map[string][]string {
	out := map[string][]string{}
	for _, c := range is.Comments {
		ids, audience := stampOf(c)
		for _, id := range ids {
			out[id] = append(out[id], audience)
		}
	}
	return out
}

// stampOf are the events of a comment, and the side it is for.
func stampOf(c jira.Comment) (ids []string, audience string) {
	var s struct {
		ID, Leaf, Audience string
		With               []struct{ ID, Leaf string }
	}
	if json.Unmarshal(c.Properties["latchkey.event"], &s) != nil {
		s.ID, s.Audience = "unstamped", c.ID
	}
	for _, one := range s.With {
		ids = append(ids, one.ID+" "+one.Leaf)
	}
	return append(ids, s.ID+" "+s.Leaf), s.Audience
}

// comments are all comments by event, and the key of their issue.
func (a *aftermath) comments() (byEvent map[string][]string, where map[string]string) {
	byEvent, where = map[string][]string{}, map[string]string{}
	for t, list := range a.issues {
		for _, is := range list {
			if t == "" {
				continue // judged by oneIssue
			}
			for id, audiences := range stamps(is) {
				byEvent[id], where[id] = append(byEvent[id], audiences...), is.Key
			}
		}
	}
	return byEvent, where
}

func (a *aftermath) oneComment() []string {
	var out []string
	comments, where := a.comments()
	for _, e := range a.events {
		id := e.ID + " " + e.Leaf.String()
		got := audienceSet(comments[id])
		delete(comments, id)
		usual := a.audiences[e.Kind]
		if a.saysMore(e, id) {
			got = strings.Replace(got, "agents 1", "agents 0", 1)
		}
		if tookItsTime(e) && !slices.Contains(usual, got) {
			got = strings.Replace(got, "customer 1", "customer 0", 1)
		}
		if a.addedTooLate(e) {
			usual = []string{"customer 0 agents 1"} // the customer hears of the end
		}
		if usual == nil && strings.Contains(got, "2") || usual != nil && !slices.Contains(usual, got) {
			out = append(out, fmt.Sprintf("%s %s of %s has the comments %q on %s, usual is %q", e.ID, e.Kind, e.Request, got, where[id], usual))
		}
	}
	for id := range comments {
		out = append(out, fmt.Sprintf("a comment on %s tells of %s, which is not in the log", where[id], id))
	}
	return out
}

// saysMore tells whether agents read of an event only because something was unusual: whom
// the route asks could not be found, or a rule of the desk had put the issue where there
// is no way from.
func (a *aftermath) saysMore(e access.Event, id string) bool {
	if e.Kind == access.EventApproversAsked && (e.Note != "" || len(e.Unfound) > 0) {
		return true
	}
	return slices.ContainsFunc(a.audiences[e.Kind], func(set string) bool { return strings.HasSuffix(set, "agents 0") }) && strings.Contains(a.agentsRead[id], "It was left where it is.")
}

func (a *aftermath) stuck(e *lifecycle) bool {
	for _, is := range a.issues[e.token] {
		if a.statuses[is.StatusID] == "Needs attention" {
			return true
		}
	}
	return false
}

func (a *aftermath) grantedIsIn() []string {
	var out []string
	for _, e := range a.lifecycles {
		if e.fate == endsGranted && e.group != "" && !slices.Contains(a.members[e.group], e.account) && !a.stuck(e) {
			out = append(out, fmt.Sprintf("%s: %s is not in %s", e.token, e.who.Name, e.group))
		}
	}
	return out
}

func (a *aftermath) endedIsOut() []string {
	var out []string
	for _, e := range a.lifecycles {
		if e.fate == endsOver && slices.Contains(a.members[e.group], e.account) && !a.reason(e.group, e.account) {
			out = append(out, fmt.Sprintf("%s: %s is still in %s", e.token, e.who.Name, e.group))
		}
	}
	return out
}

// reason tells whether something granted explains a membership.
func (a *aftermath) reason(group, account string) bool {
	return slices.ContainsFunc(a.lifecycles, func(e *lifecycle) bool {
		return e.fate == endsGranted && e.group == group && e.account == account
	})
}

func (a *aftermath) noStranger() []string {
	var out []string
	for group, members := range a.members {
		for _, m := range members {
			if !a.reason(group, m) {
				out = append(out, m+" is in "+group)
			}
		}
	}
	return out
}

// noRepetition counts messages that stay. Answers to what one person did, and
// did again, are judged by noNonsense.
func (a *aftermath) noRepetition() []string {
	var out []string
	for channel, messages := range a.channels {
		seen, times, cards, reminded := map[string]string{}, map[string]int{}, map[string][]byte{}, map[string][]string{}
		for _, m := range messages {
			text := slack.Render(m)
			if m.Ephemeral || m.BotID == "" || makesSense(text) {
				continue
			}
			if times[text]++; times[text] <= a.mayBeSaid(text) {
				continue
			}
			if remindedAgain(text, m.TS, reminded) {
				continue
			}
			marker, _ := json.Marshal(m.Metadata)
			for _, same := range []string{"marker " + string(marker), "text " + text} {
				if same == "marker null" || same == "text "+text && outdated(m) { // what a card of old leads to reads alike
					continue
				}
				if first, twice := seen[same]; twice && !a.leftAsItWas(m, marker, cards[first]) {
					out = append(out, fmt.Sprintf("%s: %s repeats %s: %.120q", channel, m.TS, first, text))
					break
				}
				seen[same] = m.TS
			}
			cards[m.TS] = marker
		}
	}
	return out
}

var itCard = regexp.MustCompile(`"marker":"([^|"]+)\|it\b`)

// leftAsItWas tells whether a card and an earlier one are about the same request for IT,
// in a channel that was archived for a while: Slack lets nothing be edited there, so that
// the earlier one could not be made to point to its newer one.
func (a *aftermath) leftAsItWas(m slack.Message, marker, earlier []byte) bool {
	one, other := itCard.FindSubmatch(marker), itCard.FindSubmatch(earlier)
	return m.Channel == itChannel && a.mayBeSaid(toldDirectly) > 0 && one != nil && other != nil && string(one[1]) == string(other[1])
}

// sensible are the answers a person may get to a click that was repeated, or
// that could not be saved.
func sensible() []string {
	return []string{
		"already counts", "couldn't save", "couldn't open the form", "couldn't look that up",
		"Your answer is kept", "That took too long", "Nothing is stuck.", "thing waits for IT", "things wait for IT",
		"This request is already approved", // to whoever pressed once more, since the first press was answered late
		"was cancelled", "already being removed", "already ended", "already active", "Nothing is stuck here any more",
		"This access is to be taken away now", // to whoever confirms on an older card that it was given
	}
}

func (a *aftermath) noNonsense() []string {
	said := slices.Clone(a.answers)
	for _, messages := range a.channels {
		for _, m := range messages {
			if m.Ephemeral {
				said = append(said, m.Viewer+" was told: "+slack.Render(m))
			}
		}
	}
	return slices.DeleteFunc(said, func(text string) bool { return makesSense(text) || a.mayBeSaid(text) > 0 })
}

func makesSense(text string) bool {
	return slices.ContainsFunc(sensible(), func(s string) bool { return strings.Contains(text, s) })
}

// concerns tells whether a message is about a lifecycle: it gives the reason, or the ticket.
func (a *aftermath) concerns(text, token string) bool {
	return strings.Contains(text, token) || slices.ContainsFunc(a.issues[token], func(is jira.Issue) bool {
		return strings.Contains(text, "|"+is.Key+">")
	})
}

func (a *aftermath) toldTheEnd() []string {
	title := map[fate]string{endsDenied: " said no: ", endsCancelled: "cancelled your request", endsOver: "has ended", endsGranted: "You're in"}
	status := map[fate]string{endsDenied: "Declined", endsCancelled: "Canceled", endsOver: "Closed", endsGranted: "Closed"}
	var out []string
	for _, e := range a.lifecycles {
		for _, is := range a.issues[e.token] {
			if a.statuses[is.StatusID] != status[e.fate] && !a.stuck(e) {
				out = append(out, fmt.Sprintf("%s: %s is %s, not %s", e.token, is.Key, is.Status, status[e.fate]))
			}
		}
		says := title[e.fate]
		if e.fate == endsOver && !a.wasGiven(e) {
			says = "Not given"
		}
		told := slices.ContainsFunc(a.channels[a.dms[e.who.ID]], func(m slack.Message) bool {
			text := slack.Render(m)
			return a.concerns(text, e.token) && strings.Contains(text, says)
		})
		if !told && !a.stuck(e) {
			out = append(out, fmt.Sprintf("%s: %s has no card that says %q", e.token, e.who.Name, says))
		}
	}
	for _, messages := range a.channels {
		for _, m := range messages {
			if _, open := slack.FindButton(m, "Approve"); open && !m.Ephemeral {
				out = append(out, fmt.Sprintf("a card still asks for an answer: %.120q", slack.Render(m)))
			}
		}
	}
	return out
}

func (a *aftermath) noHalt() []string { return a.halted }

func (a *aftermath) wholeChain() []string {
	if a.verified.Whole() && a.verified.Events == len(a.events) {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d events are whole: %s", a.verified.Events, len(a.events), a.verified.Broken)}
}

// nothingLeft leaves out what is told in somebody's working hours: it is work of another day.
func (a *aftermath) nothingLeft() []string {
	var out []string
	for _, t := range a.tasks {
		if t.State == store.Ready && (strings.HasPrefix(t.ID, "waiting/") || strings.HasPrefix(t.ID, "nudgeable/")) && t.NotBefore.After(a.at) {
			continue
		}
		out = append(out, fmt.Sprintf("%s is %s after %d attempts: %s", t.ID, t.State, t.Attempts, t.Problem))
	}
	return out
}
