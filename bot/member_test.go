package bot

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
	"latchkey/bot/roster"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
)

// leavers are those of whom it was said that they left.
type leavers []string

func (l *leavers) LeftSlack(_ context.Context, slackID string) error {
	*l = append(*l, slackID)
	return nil
}

// Slack tells that somebody was deactivated in one workspace of its organisation. Only
// what the account itself shows says whether they left; an answer that isn't there says
// nothing, and the event is taken once more.
func TestDeactivatedInAWorkspaceOfAnOrganisation(t *testing.T) {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()})
	var left leavers
	r := roster.New(w.API, bottest.Monday)
	m := members{roster: r, people: bottest.NewHouse(t, catalog.New(nil, nil), r).Flow.People, leave: &left}
	changed := func(teams string) error {
		e, err := payload.Decode[payload.Event]([]byte(fmt.Sprintf(`{"event":{"type":"user_change","user":{"id":%q,"deleted":true,"enterprise_user":{"teams":%s}}}}`, w.Maya, teams)), "event")
		if err != nil {
			t.Fatal(err)
		}
		return m.changed(w.Ctx, e)
	}
	if err := changed(`["T2"]`); err != nil || len(left) != 0 {
		t.Errorf("she is here, and left: %v, %v", left, err)
	}
	m.forget(w.Maya)
	w.AddFault(slack.Fault{Method: "users.info", Times: 1, Error: "internal_error"})
	if err := changed(`["T2"]`); err == nil || len(left) != 0 {
		t.Errorf("Slack did not answer, and she left: %v, %v", left, err)
	}
	if err := w.SetDeleted(w.Maya, true); err != nil {
		t.Fatal(err)
	}
	if err := changed(`["T2"]`); err != nil || !slices.Equal(left, leavers{w.Maya}) {
		t.Errorf("her account shows that she left: %v, %v", left, err)
	}
	if err := changed(`[]`); err != nil || len(left) != 2 {
		t.Errorf("she is in no workspace any more: %v, %v", left, err)
	}
}
