package tracepage_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/tracepage"
	"latchkey/sandbox/page/browser"
)

// trace is one story with everything that matters in it, written by somebody who would rather have the page say something else.
func trace() evidence.Trace {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	maya, noor := access.PersonID("P-1"), access.PersonID("P-2")
	group := catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
	event := func(kind access.EventKind, by access.PersonID, change func(*access.Event)) access.Event {
		at = at.Add(time.Minute)
		e := access.Event{ID: "01a22c1d-7d28-7b05-b186-0ed262d6f5b0", At: at, Kind: kind, Actor: access.Actor{Person: by, Via: access.ViaSlack}, Leaf: access.Hash{7}}
		if by == "" {
			e.Actor = access.System()
		}
		if change != nil {
			change(&e)
		}
		return e
	}
	in := func(e *access.Event) { e.Group = &group }
	events := []access.Event{
		event(access.EventSubmitted, maya, func(e *access.Event) { e.Reason = "<script>alert(1)</script> for \u202eslides" }),
		event(access.EventIssueOpened, "", func(e *access.Event) { e.Issue = &access.Issue{Key: "IT-1"} }),
		event(access.EventApproved, noor, nil),
		event(access.EventMemberAdded, "", in),
		event(access.EventEnding, "", func(e *access.Event) { e.End = "expired" }),
		event(access.EventMemberRemoved, "", in),
	}
	rule := event(access.EventApproved, "", nil)
	return evidence.Trace{ID: maya, Person: "maya@acme.example", App: "figma", People: map[access.PersonID]access.Person{},
		Stories: []evidence.Story{
			{Request: "AR-1", Grant: "G-1", Issue: access.Issue{Key: "IT-1"}, Role: "editor", State: "ended", Events: events},
			{Request: "AR-2", Role: "viewer", State: "approved", Events: []access.Event{rule}},
		}}
}

func drawn(t *testing.T, of evidence.Trace) string {
	t.Helper()
	var out strings.Builder
	about := tracepage.About{AppName: "Figma", Made: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), Version: "v1", Site: "https://acme.atlassian.net/"}
	if err := tracepage.Write(&out, of, about); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestThePageOfATrace tells what an auditor looks for first, links the issue, and takes no orders from what people wrote.
func TestThePageOfATrace(t *testing.T) {
	page := drawn(t, trace())
	for _, want := range []string{
		"Access of maya@acme.example to Figma", `href="https://acme.atlassian.net/browse/IT-1"`, "Approved (stage 1)", "Approved by a rule", "Seen to be there",
		"Seen to be gone", "okta:figma-editors", "2026-11-23 12:03:00", "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "&lt;script&gt;", "[U&#43;202E]", "2 stories, 7 events",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "\u202e", "http-equiv=\"refresh\"", "<link", "<img", "src="} {
		if strings.Contains(page, never) {
			t.Errorf("it has %q", never)
		}
	}
	if none := drawn(t, evidence.Trace{Person: "x@acme.example", App: "figma"}); !strings.Contains(none, "holds nothing about x@acme.example and Figma") {
		t.Error("of nothing it says nothing")
	}
	insecure := strings.Builder{}
	if err := tracepage.Write(&insecure, trace(), tracepage.About{Site: "javascript:alert(1)//"}); err != nil || strings.Contains(insecure.String(), "javascript:") {
		t.Error("it links what is no page", err)
	}
}

// TestTheTraceInABrowser: everybody can read and use it, on a laptop and on a phone, and on the laptop nothing stands beyond the edge.
func TestTheTraceInABrowser(t *testing.T) {
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, of := range []evidence.Trace{trace(), {Person: "x@acme.example", App: "figma"}} {
		page := drawn(t, of)
		for _, on := range []browser.Screen{{Width: 1100}, browser.Phone()} {
			if faults, err := b.Faults(t.Context(), page, on); err != nil || len(faults) > 0 {
				t.Errorf("%d wide: %v, %v", on.Width, faults, err)
			}
		}
		if n, err := b.Hidden(t.Context(), page, browser.Screen{Width: 1100}); err != nil || n > 0 {
			t.Errorf("%d pixels stand beyond the edge, %v", n, err)
		}
	}
}
