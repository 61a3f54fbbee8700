package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
)

// remember notes by which ids things are known, whatever they are called later, and
// writes the tokens down.
func (w *torture) remember() error {
	w.groups, w.statuses = map[string]string{}, map[string]string{}
	for _, u := range w.world.Okta.Users() {
		if member, ok := w.world.Slack.UserByEmail(u.Email); ok {
			w.accounts[member.ID] = u.ID
		}
	}
	for _, g := range w.world.Okta.Groups() {
		w.groups[g.Name] = g.ID
	}
	for _, s := range w.world.Jira.Workflow().Statuses {
		w.statuses[s.ID] = s.Name
	}
	w.robot = w.world.Jira.AddAccount(jira.Account{Email: "robot@acme.example", DisplayName: "Automation for Jira", AccountType: "app", Agent: true, Active: true}).AccountID
	for name, token := range tokenNames(w.where) {
		if err := w.hand(name, token); err != nil {
			return err
		}
	}
	return nil
}

// hand puts a token where the bot reads it, in one step.
func (w *torture) hand(name, token string) error {
	at := filepath.Join(w.keys, name)
	if err := os.WriteFile(at+".new", []byte(token+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(at+".new", at)
}

// nextToken is one that nobody had before.
func (w *torture) nextToken(kind string) string {
	w.hostile.tokens++
	return fmt.Sprintf("%s-%d-hostile", kind, w.hostile.tokens)
}

// handed puts tokens where the bot reads them.
func (w *torture) handed(tokens map[string]string) {
	for name, token := range tokens {
		if err := w.hand(name, token); err != nil {
			fmt.Fprintf(w.log, "---- %s was not handed over: %v\n", name, err)
		}
	}
}

// known draws somebody whom Latchkey has met: who has asked for something, or answered.
func (w *torture) known(r *rand.Rand) (slack.User, bool) {
	var met []slack.User
	for _, e := range w.lifecycles {
		if slices.Contains(e.acks, "request") {
			met = append(met, e.who)
		}
		if slices.Contains(e.acks, "Approve") || slices.Contains(e.acks, "deny") {
			met = append(met, e.approver)
		}
	}
	if len(met) == 0 {
		return slack.User{}, false
	}
	met = met[max(0, len(met)-3*crowd):] // who is there now
	return met[r.IntN(len(met))], true
}
