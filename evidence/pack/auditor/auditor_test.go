package auditor

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// TestDemands asks a pack the thirteen things, one by one.
func TestDemands(t *testing.T) {
	p, err := open(given(t))
	if err != nil {
		t.Fatal(err)
	}
	all := demands()
	if len(all) != 13 {
		t.Fatalf("there are %d demands", len(all))
	}
	for i, d := range all {
		t.Run(fmt.Sprintf("%02d", i+1), func(t *testing.T) {
			for _, fault := range d.of(p) {
				t.Errorf("%s: %s.", d.says, fault)
			}
		})
	}
}

// mutation is something that a pack lacks, or says otherwise.
type mutation struct {
	demand int    // which one has to fail, from 1
	path   string // in campaign.json; a number is a place in a list
	value  any    // what stands there instead; nil: nothing
}

// mutations are what the tests' own pack is spoiled by. Row 3 was revoked and removed, 4 has changed
// since the snapshot, 9 is privileged and kept, 14 is kept in spite of a conflict; group 2 was accepted.
func mutations() []mutation {
	return []mutation{
		{1, "scope.text", nil}, {1, "scope.rule", ""}, {1, "scope.not_governed", nil}, {1, "scope.not_governed.1.why", ""}, {1, "scope.exclusions", nil},
		{1, "scope.exclusions.0.by", nil}, {1, "scope.exclusions.0.reason", ""}, {1, "scope.not_covered", []any{}}, {1, "scope.not_covered.0.why", ""},

		{2, "groups.0.population.requests", []any{}}, {2, "groups.0.population.pages", 0.0}, {2, "groups.0.population.vendor_count.is", "not_recorded"}, {2, "groups.0.population.vendor_count.value", 10.0},
		{2, "groups.0.population.rows", 8.0}, {2, "groups.0.population.first_page", nil}, {2, "groups.0.population.last_page", nil}, {2, "groups.0.population.tool_version", ""}, {2, "groups.0.population.raw_sha256", ""},
		{2, "groups.0.tenant", ""}, {2, "groups.0.group_id", ""}, {2, "groups.2.population.difference", nil}, {2, "groups.2.population.difference.words", ""}, {2, "groups.2.population.difference.accepted_by", nil}, {2, "groups.1.population.excluded", 0.0},

		{3, "times.snapshot", nil}, {3, "times.snapshot", "2026-11-02T05:00:00Z"}, {3, "times.started", "2026-12-02T09:00:00Z"}, {3, "rows.0.changes", nil}, {3, "rows.0.changes.is", "not_recorded"}, {3, "rows.4.changes.value.0.at", nil},

		{4, "reviewers.0.chosen", ""}, {4, "reviewers.0.relation", nil}, {4, "reviewers.0.conflicts", nil}, {4, "reviewers.0.conflicts.is", "unknown"}, {4, "reviewers.1.conflicts.value.0.solved", ""}, {4, "reviewers.0.delegations", []any{}},
		{4, "reviewers.0.delegations.0.by", nil}, {4, "reviewers.3", map[string]any{"id": "P-ELSE"}}, {4, "rows.3.answers.0.by.person", "P-00u1hana"}, {4, "reviewers.0.account", ""},

		{5, "rows.3.answers.0.at", nil}, {5, "rows.3.answers.0.surface", ""}, {5, "rows.3.answers.0.by.name", ""}, {5, "rows.3.answers.0.by.account", nil}, {5, "rows.3.answers", []any{}}, {5, "rows.3.answers.0.bulk", nil}, {5, "rows.3.id", "AR-0002"},
		{5, "rows.3.person.account", ""}, {5, "rows.3.outcome.words", ""}, {5, "rows.3.outcome.how", ""}, {5, "rows.3.asked", []any{}}, {5, "policy.no_answer", ""}, {5, "policy.stages", []any{}},

		{6, "policy.privileged.cadence", ""}, {6, "policy.privileged.bulk_allowed", true}, {6, "policy.privileged.reason_required", nil}, {6, "rows.9.privileged", nil}, {6, "rows.9.answers.0.bulk", true}, {6, "summary.privileged", 4.0}, {6, "groups.1.risk", ""}, {6, "rows.0.privileged", true},

		{7, "leavers", nil}, {7, "leavers", []any{}}, {7, "leavers.0.left", nil}, {7, "leavers.0.source", ""}, {7, "leavers.0.removed.is", "not_recorded"}, {7, "leavers.1.sign_ins", nil}, {7, "leavers.1.sign_ins_reach", nil}, {7, "rows.0.person.status.value", "suspended"}, {7, "rows.0.person.status", nil},

		{8, "rows.3.removal", nil}, {8, "rows.3.removal.issue", nil}, {8, "rows.3.removal.issue.url", nil}, {8, "rows.3.removal.issue.url", "javascript:alert(1)"}, {8, "rows.3.removal.asked", nil}, {8, "rows.3.removal.read_back.is", "none"}, {8, "rows.3.removal.read_back", nil}, {8, "rows.3.removal.re_checked", nil}, {8, "rows.3.removal.result", nil},
		{8, "rows.11.removal.cause", ""}, {8, "rows.6.removal.restored.0.reason", ""}, {8, "rows.3.removal.restored", nil}, {8, "exceptions", nil}, {8, "exceptions.0.by", nil},

		{9, "times.started", nil}, {9, "times.due", nil}, {9, "times.due", "2026-11-05T00:00:00Z"}, {9, "summary.timeliness.last_decision", nil}, {9, "summary.timeliness.last_removal", nil}, {9, "period.to", nil}, {9, "period.to", "2026-10-31T00:00:00Z"},

		{10, "id", "AC-OTHER"}, {10, "rows.19", nil}, {10, "rows.3.answers.0.event", nil}, {10, "rows.3.answers.0.event.leaf", "AAAA"}, {10, "rows.3.removal.event.id", "e"},

		{11, "summary.pace", []any{}}, {11, "summary.pace.0.answers", 12.0}, {11, "summary.pace.0.rows_per_minute", nil}, {11, "rows.3.shown", nil}, {11, "rows.3.answers.0.seconds", nil}, {11, "rows.3.answers.0.opened", nil}, {11, "rows.3.last_sign_in.at", nil},
		{11, "rows.3.last_sign_in.source", ""}, {11, "rows.3.last_sign_in.reach.is", "not_recorded"}, {11, "rows.3.peers", nil}, {11, "rows.3.earlier", nil}, {11, "rows.3.sod", nil}, {11, "rows.3.person.title", nil}, {11, "rows.3.recommended.reason", ""}, {11, "rows.3.access.at.is", ""}, {11, "groups.0.opens", ""},

		{12, "rows.9.answers.0.reason", nil}, {12, "rows.0.outcome.words", ""}, {12, "exceptions.1.about", "AR-0001"}, {12, "rows.0.answers.0.reason", "said afterwards"},

		{13, "rows.3.person.account", "00u1other"}, {13, "rows.3.outcome.verdict", "keep"}, {13, "rows.3.group", "okta/none"}, {13, "rows.3.answers.0.by.person", "P-INES"}, {13, "rows.3.access.link", nil}, {13, "rows.3.access.how", ""}, {13, "times.snapshot", nil},
	}
}

// TestDemandsCanFail spoils a pack in one place after the other: the demand that asks for it fails,
// each time.
func TestDemandsCanFail(t *testing.T) {
	files := fstest.MapFS{}
	for name, f := range given(t) {
		files[name] = f
	}
	seen := map[int]int{}
	for _, m := range mutations() {
		t.Run(fmt.Sprintf("%02d %s %v", m.demand, m.path, m.value), func(t *testing.T) {
			p, err := open(files)
			if err != nil {
				t.Fatal(err)
			}
			if !put(map[string]any(p.campaign), strings.Split(m.path, "."), m.value) {
				t.Fatal("there is nothing there to spoil")
			}
			p.rows, _ = p.campaign.list("rows")
			p.groups, _ = p.campaign.list("groups")
			if d := demands()[m.demand-1]; len(d.of(p)) == 0 {
				t.Errorf("nobody misses it who asks: %s", d.says)
			}
		})
		seen[m.demand]++
	}
	for i := range demands() {
		if seen[i+1] < 4 {
			t.Errorf("demand %d is tried %d times", i+1, seen[i+1])
		}
	}
}

// put sets what stands at a path, or takes it away, and reports whether there was something.
func put(here any, path []string, value any) bool {
	last := len(path) == 1
	switch at := here.(type) {
	case map[string]any:
		old, there := at[path[0]]
		if !last {
			return put(old, path[1:], value)
		}
		if value == nil {
			delete(at, path[0])
		} else {
			at[path[0]] = value
		}
		return there
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(at) {
			return false
		}
		if !last {
			return put(at[i], path[1:], value)
		}
		at[i] = value
		return true
	}
	return false
}

// What stands only in the other files is missed as well.
func TestTheOtherFilesAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		demand    int
		file      string
		old, with string
	}{
		"the page lacks a row":              {5, "report.html", `<tr id="AR-0004">`, `<tr>`},
		"the page lacks privileged rows":    {6, "report.html", `<h2 id="privileged">`, `<h2>`},
		"the page lacks what isn't covered": {1, "report.html", "The on-premises file server", ""},
		"the page lacks a hash":             {2, "report.html", "rows aae30f4b", "rows 00000000"},
		"the page lacks the snapshot":       {3, "report.html", "2 Nov 2026 06:14", ""},
		"the page lacks a cause":            {8, "report.html", "Okta answers 500", ""},
		"the page lacks the due date":       {9, "report.html", "16 Nov 2026 17:00", ""},
		"the page lacks what was shown":     {11, "report.html", "Hana 山田 · Sales engineer", ""},
		"a table says who else":             {13, "decisions.csv", "00u1hana", "00u1else"},
		"a table says another group":        {2, "population.csv", "00g1sales", "00g1other"},
		"an event is another":               {10, "events.jsonl", `"n":3,`, `"n":4,`},
		"the sums are others":               {10, "SHA256SUMS", "report.html", "report.htm"},
		"the page is another":               {10, "report.html", "Łukasz", "Lukasz"},
		"the manifest is another":           {10, "manifest.note", `"rows":20`, `"rows":21`},
	} {
		t.Run(name, func(t *testing.T) {
			files := given(t)
			text := strings.ReplaceAll(string(files[c.file].Data), c.old, c.with)
			if text == string(files[c.file].Data) {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			files[c.file].Data = []byte(text)
			p, err := open(files)
			if err != nil {
				t.Fatal(err)
			}
			if d := demands()[c.demand-1]; len(d.of(p)) == 0 {
				t.Errorf("nobody misses it who asks: %s", d.says)
			}
		})
	}
}
