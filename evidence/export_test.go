package evidence_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

func (l ledger) export(o evidence.ExportOptions) string {
	l.Helper()
	var b bytes.Buffer
	if err := evidence.Export(context.Background(), l, &b, o); err != nil {
		l.Fatal(err)
	}
	return b.String()
}

// full is a store with a request whose reason means harm.
func full(t *testing.T, reason string) ledger {
	l := open(t)
	l.do(func(tx store.Tx) error {
		r := access.Request{ID: "AR-1", Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", Reason: reason, State: access.RequestApproved, Created: at(0)}
		g := access.Grant{ID: "G-1", Request: "AR-1", Person: maya, App: "figma", Role: "editor", State: access.GrantActive}
		adopted := access.Grant{ID: "G-F1", Person: noor, App: "figma", Role: "editor", State: access.GrantActive, Source: access.SourceAdopted}
		for _, err := range []error{store.PutRequest(tx, &r), store.PutGrant(tx, &g), store.PutGrant(tx, &adopted)} {
			if err != nil {
				return err
			}
		}
		e := r.Event(access.EventSubmitted, access.Actor{Person: maya, Via: access.ViaSlack}, at(0))
		e.Reason = reason
		for _, e := range []access.Event{{Kind: access.EventLogRebuilt, At: at(0), Note: "rebuilt"}, e} {
			if _, err := store.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	return l
}

// readCSV reads a table that a spreadsheet knows to be UTF-8.
func readCSV(t *testing.T, file string) ([][]string, error) {
	t.Helper()
	table, marked := strings.CutPrefix(file, "\ufeff")
	if !marked {
		t.Errorf("the file begins with %q, so Excel doesn't know its letters", file[:3])
	}
	return csv.NewReader(strings.NewReader(table)).ReadAll()
}

func TestExportCSVIsNoFormula(t *testing.T) {
	for _, reason := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"} {
		l := full(t, reason)
		rows, err := readCSV(t, l.export(evidence.ExportOptions{Format: evidence.CSV, Parts: []evidence.Part{evidence.Requests}}))
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, cell := range rows[1] {
			if rows[0][i] == "reason" && !strings.HasPrefix(cell, "'") {
				t.Errorf("the reason %q became the cell %q", reason, cell)
			}
		}
	}
}

func TestExportHTMLIsEscaped(t *testing.T) {
	page := full(t, `<script>alert("x")</script>`).export(evidence.ExportOptions{Format: evidence.HTML})
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("the page holds what a person wrote as it is:\n%s", page)
	}
	for _, want := range []string{"<h2>requests</h2>", "<h2>grants</h2>", "<h2>events</h2>", "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestExportStable(t *testing.T) {
	l := full(t, "Launch assets")
	all, stable := lines(t, l.export(evidence.ExportOptions{Format: evidence.JSON})), lines(t, l.export(evidence.ExportOptions{Format: evidence.JSON, Stable: true}))
	if len(all) != 5 || len(stable) != 3 {
		t.Errorf("%d lines, %d of them stable; want 5 and 3", len(all), len(stable))
	}
	for _, line := range stable {
		for _, noun := range line {
			for _, volatile := range []string{"Version", "Place"} {
				if _, there := noun[volatile]; there {
					t.Errorf("the stable export holds %s: %v", volatile, noun)
				}
			}
		}
	}
	if all[4]["event"]["Leaf"] == "" || all[4]["event"]["Place"] != 2.0 {
		t.Errorf("the full export lacks the event's place in the log: %v", all[4])
	}
}

func lines(t *testing.T, text string) []map[string]map[string]any {
	t.Helper()
	var out []map[string]map[string]any
	for line := range strings.Lines(text) {
		var v map[string]map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestExportRefusesTwoTablesInOneFile(t *testing.T) {
	err := evidence.Export(context.Background(), open(t), &bytes.Buffer{}, evidence.ExportOptions{Format: evidence.CSV})
	if err == nil || !strings.Contains(err.Error(), "one table") {
		t.Errorf("three tables in one CSV file: %v", err)
	}
}
