package workflow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/people/peopletest"
)

// announced are the titles of what was told since it was last looked.
func (h *house) announced() []string {
	h.pass(time.Minute)
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	said := h.world.said
	h.world.said = nil
	return said
}

func (h *house) alarm(a workflow.Alarm) {
	h.t.Helper()
	if err := h.flow.Alarm(context.Background(), a); err != nil {
		h.t.Error(err)
	}
}

// An outage is told once until it is over, also by a process that was started
// meanwhile, and its end only where it was told.
func TestAnOutageIsToldOnce(t *testing.T) {
	live(t, func(h *house) {
		over := workflow.Alarm{ID: "okta/1/over", Outage: "okta", Over: true, Title: "Okta works again"}
		down := workflow.Alarm{ID: "okta/1", Outage: "okta", Title: "Okta can't be reached"}
		h.alarm(over)
		if said := h.announced(); len(said) > 0 {
			h.t.Errorf("the end of an outage that nobody heard of: %q", said)
		}
		h.alarm(down)
		h.close()
		h.open()
		down.ID = "okta/2"
		h.alarm(down)
		h.alarm(over)
		h.alarm(over)
		if said := h.announced(); !slices.Equal(said, []string{down.Title, over.Title}) {
			h.t.Errorf("told: %q", said)
		}
	})
}

// What works and should be looked at is told again after a week, what differs at once.
func TestWhatShouldBeLookedAtIsToldOnceAWeek(t *testing.T) {
	live(t, func(h *house) {
		say := func(line, title string) {
			h.alarm(workflow.Alarm{ID: "certificate", Title: title, Lines: []string{"The certificate of " + line + " runs out."}})
		}
		say("okta", "first")
		h.pass(24 * time.Hour)
		say("okta", "the same")
		h.pass(time.Minute)
		say("jira", "another")
		h.pass(8 * 24 * time.Hour)
		say("okta", "a week later")
		if said := h.announced(); !slices.Equal(said, []string{"first", "another", "a week later"}) {
			h.t.Errorf("told: %q", said)
		}
	})
}

// What comes too late in Slack is told in an issue alone.
func TestAnAlarmInJiraAlone(t *testing.T) {
	live(t, func(h *house) {
		h.alarm(workflow.Alarm{ID: "slack/down", Title: "Slack refuses the token", InJira: true, NotInSlack: true})
		if said := h.announced(); len(said) > 0 {
			h.t.Errorf("it is told in Slack: %q", said)
		}
		h.alarm(workflow.Alarm{ID: "disk/full", Title: "The disk is full", InJira: true})
		if said := h.announced(); !slices.Equal(said, []string{"The disk is full"}) {
			h.t.Errorf("in both: %q", said)
		}
	})
}

// Live grants in directories that aren't configured are counted, and what somebody was
// refused is an event.
func TestWhatNobodyCanEndIsCounted(t *testing.T) {
	live(t, func(h *house) {
		g := access.Grant{ID: "GF-1", Person: peopletest.ID("maya"), State: access.GrantActive, Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "ldap", Group: "admins"}, State: access.EntitlementHeld}}}
		if err := h.store.Update(h.t.Context(), func(tx store.Tx) error { return store.PutGrant(tx, &g) }); err != nil {
			h.t.Fatal(err)
		}
		if n, err := h.flow.Unserved(h.t.Context()); err != nil || n["ldap"] != 1 || len(n) != 1 {
			h.t.Errorf("%v, %v", n, err)
		}
		no := access.Refuse(access.NotAllowed, "", "Only IT may do this.")
		if err := h.flow.LogRefusal(h.t.Context(), "", by("tom"), "pause new access", no); !errors.Is(err, no) {
			h.t.Errorf("the refusal became %v", err)
		}
	})
}
