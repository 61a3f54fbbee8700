package stamp_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
)

// written is a comment as Jira gives it back.
func written(t *testing.T, body map[string]any) rest.Comment {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var c rest.Comment
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACommentIsKnownByItsStamp(t *testing.T) {
	e := access.Event{ID: "e-1", N: 7, Leaf: access.Hash{1}}
	text := adf.New(adf.Paragraph(adf.Text("Approved.")))
	for _, to := range []stamp.Audience{stamp.Customer, stamp.Agents} {
		c := written(t, stamp.Comment(stamp.For(e, to), text))
		got, ok := stamp.On(c)
		if !ok || !stamp.Genuine(c) || !got.Same(stamp.For(e, "")) || got.Audience != to || got.N != 7 {
			t.Errorf("%s: read back %+v, %v", to, got, ok)
		}
		if hidden := string(c.Property(stamp.VisibilityProperty)) == `{"internal":true}`; hidden != (to == stamp.Agents) {
			t.Errorf("%s: hidden from the customer: %v", to, hidden)
		}
		other := e
		other.Leaf = access.Hash{2}
		if got.Same(stamp.For(other, to)) || got.Same(stamp.Stamp{ID: e.ID}) {
			t.Errorf("%s: taken for another event", to)
		}
	}
	if _, ok := stamp.On(rest.Comment{}); ok {
		t.Error("a comment of somebody else has a stamp")
	}
}

// A stamp that somebody has touched is known, whatever JSON makes of it.
func TestAStampThatWasChanged(t *testing.T) {
	e := access.Event{ID: "e-1", N: 7, Leaf: access.Hash{1}}
	body := stamp.Comment(stamp.For(e, stamp.Agents), adf.New(adf.Paragraph(adf.Text("Approved."))))
	raw, err := json.Marshal(body["properties"].([]stamp.Property)[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		if i < len(`{"key":"latchkey.event","value":`) || i == len(raw)-1 {
			continue
		}
		changed := slices.Clone(raw)
		changed[i] ^= 0x20
		c := rest.Comment{}
		if json.Unmarshal([]byte(`{"properties":[`+string(changed)+`]}`), &c) == nil && stamp.Genuine(c) {
			if on, _ := stamp.On(c); on.ID == e.ID && *on.Leaf == e.Leaf {
				t.Errorf("%s passes", changed)
			}
		}
	}
}

// What is kept in issues for years keeps its form.
func TestTheFormOfAStamp(t *testing.T) {
	raw, err := json.Marshal(stamp.Stamp{ID: "portal-1", Audience: stamp.Customer, MoreForAgents: true})
	if want := `{"id":"portal-1","audience":"customer","beside":true}`; err != nil || string(raw) != want {
		t.Errorf("got %s, %v, want %s", raw, err, want)
	}
}

func TestARecordIsReadUpToTheFirstGap(t *testing.T) {
	got := stamp.ReadRecord(map[string]json.RawMessage{
		"latchkey": json.RawMessage(`"state"`), "latchkey.1": json.RawMessage(`"one"`), "latchkey.2": json.RawMessage(`{"early":1}`), "latchkey.4": json.RawMessage(`"four"`),
	})
	if diff := cmp.Diff(access.IssueRecord{State: "state", Pages: []string{"one", `{"early":1}`}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := []string{"latchkey", "latchkey.1", "latchkey.2", "latchkey.3", "latchkey.4"}; !cmp.Equal(want, stamp.RecordProperties()) {
		t.Errorf("read along: %q", stamp.RecordProperties())
	}
	if !stamp.IsReport(access.IssueRecord{State: stamp.ReportMark + "r-1"}) || stamp.IsReport(got) {
		t.Error("a report is not told from a request")
	}
}

func TestASummaryEndsWithTheIDWhateverTheNames(t *testing.T) {
	got := stamp.Summary("A [AR-1]\n"+strings.Repeat("x", 300), "AR-2")
	if !strings.HasPrefix(got, "A (AR-1) x") || !strings.HasSuffix(got, "… [AR-2]") || len([]rune(got)) != adf.LineLimit {
		t.Errorf("%d characters: %s", len([]rune(got)), got)
	}
}
