package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport says which rooms of the house a room may import. An arrow never
// points up; what is not listed is forbidden. "X/*" stands for every room below X,
// as a room and as what may be imported.
func mayImport() map[string][]string {
	return map[string][]string{
		"catalog":           {},
		"catalog/plan":      {"catalog", "access"},
		"catalog/proposal":  {"catalog"},
		"limit":             {},
		"rawjson":           {},
		"oncall":            {"access", "clock"},
		"clock":             {},
		"clock/*":           {"clock"},
		"config/value":      {},
		"config/expression": {"catalog"},
		"config/schema":     {"config/value"},
		"access":            {"catalog"},
		"access/accesstest": {"access"},
		"access/searchtest": {},
		"idp":               {"limit", "clock", "config/value"},
		"idp/*":             {"idp", "idp/transport", "limit", "clock", "config/value"},
		"idp/idptest/*":     {"idp", "idp/idptest"},
		"idp/transport":     {"idp", "limit"},
		"idp/oidc":          {"idp"},
		"idp/okta":          {"idp", "idp/oidc", "idp/transport", "limit", "clock", "config/value"},
		"idp/entra":         {"idp", "idp/oidc", "idp/transport", "limit", "clock", "config/value"},
		"store":             {"access", "catalog", "rawjson"},
		"store/*":           {"store", "access", "catalog", "config/value"},

		"store/group":                 {},
		"store/wake":                  {},
		"store/moment":                {},
		"store/tree":                  {"access"},
		"store/bolt":                  {"store", "store/group", "store/wake", "store/moment", "store/tree", "access", "config/value"},
		"store/bolt/bolttest":         {"store", "store/bolt"},
		"store/postgres":              {"store", "store/postgres/pipeline", "store/postgres/rewrite", "store/group", "store/wake", "store/moment", "store/tree", "access", "catalog", "config/value"},
		"store/postgres/pipeline":     {},
		"store/postgres/rewrite":      {"store"},
		"store/postgres/postgrestest": {},
		"store/copying":               {"store", "store/moment", "access"},

		"store/snapshot":         {"store", "store/snapshot/columns", "access", "catalog"},
		"store/snapshot/columns": {"access"},

		"workflow": rooms("engine", "people", "query", "ledger", "notify", "membership", "lookahead", "backstop", "provision", "requests", "stepup", "inbox", "reconcile", "recovery", "anchor", "erasure", "delegation", "lifecycle", "birthright", "campaigns", "campaigns/publishing", "reclaim", "reclaim/messages", "reclaim/digest", "weekly", "retention"),

		"workflow/engine":            {"access", "catalog", "store", "limit", "clock"},
		"workflow/engine/enginetest": rooms("engine"),
		"workflow/people":            rooms("engine"),
		"workflow/people/peopletest": rooms("engine", "people"),
		"workflow/provision/provisiontest": append(rooms("engine", "engine/enginetest", "people", "people/peopletest", "membership", "lookahead", "backstop", "provision"),
			"clock/clocktest", "idp/idptest", "store/bolt/bolttest", "store/storetest"),
		"workflow/query":            rooms("engine", "people"),
		"workflow/ledger":           rooms("engine", "people", "query"),
		"workflow/notify":           rooms("engine", "people", "query"),
		"workflow/membership":       rooms("engine", "people", "query"),
		"workflow/lookahead":        rooms("engine", "people", "membership"),
		"workflow/backstop":         rooms("engine", "people", "query", "membership"),
		"workflow/provision":        rooms("engine", "people", "query", "membership", "lookahead", "backstop"),
		"workflow/delegation":       rooms("engine", "people", "query", "ledger", "notify"),
		"workflow/birthright":       rooms("engine", "people", "query", "ledger", "notify"),
		"workflow/lifecycle":        rooms("engine", "people", "query", "notify"),
		"workflow/requests":         rooms("engine", "people", "query", "ledger", "notify", "provision"),
		"workflow/stepup":           rooms("engine", "people", "query", "notify", "requests"),
		"workflow/inbox":            rooms("engine", "people", "query", "ledger", "notify", "provision", "requests", "campaigns/comments"),
		"workflow/reconcile":        rooms("engine", "people", "query", "ledger", "notify", "membership", "provision", "requests"),
		"workflow/campaigns":        append(rooms("engine", "people", "query", "ledger", "notify", "campaigns/population", "campaigns/imported", "campaigns/targets", "campaigns/reading", "campaigns/rows", "campaigns/draft", "campaigns/deciding", "campaigns/comments", "campaigns/stages", "campaigns/enforcing", "campaigns/export", "campaigns/publishing"), "store/snapshot"),
		"workflow/reclaim":          rooms("engine", "people", "query", "ledger", "notify"),
		"workflow/reclaim/messages": rooms("engine", "people", "notify"),
		"workflow/weekly":           append(rooms("engine", "query", "notify"), "evidence/chart"),
		"workflow/retention":        rooms("engine"),
		"workflow/reclaim/digest":   rooms("engine", "people", "query", "notify", "reclaim"),
		"workflow/rehearsal":        append(rooms("engine", "people", "requests"), "catalog/plan"),
		"workflow/erasure":          append(rooms("engine", "people", "query", "ledger"), "store/snapshot"),
		"workflow/recovery":         rooms("engine", "people", "query", "ledger", "notify", "provision", "requests"),
		"workflow/anchor":           append(rooms("engine", "people", "query", "ledger", "notify", "provision", "requests"), "evidence/anchor", "evidence/witness"),

		"workflow/campaigns/population":       append(rooms("membership"), "store/snapshot"),
		"workflow/campaigns/imported":         rooms("engine", "people", "campaigns/imported/sheet"),
		"workflow/campaigns/imported/sheet":   {},
		"workflow/campaigns/targets":          rooms("people", "campaigns/imported"),
		"workflow/campaigns/reading":          append(rooms("engine", "people", "query", "campaigns/population", "campaigns/imported", "campaigns/targets"), "store/snapshot", "store/snapshot/columns"),
		"workflow/campaigns/rows":             append(rooms("engine", "people", "query"), "store/snapshot"),
		"workflow/campaigns/draft":            append(rooms("people", "campaigns/targets", "campaigns/rows"), "store/snapshot"),
		"workflow/campaigns/deciding":         append(rooms("engine", "people", "notify", "campaigns/rows"), "store/snapshot"),
		"workflow/campaigns/comments":         rooms("engine", "ledger", "notify", "campaigns/rows", "campaigns/deciding"),
		"workflow/campaigns/stages":           append(rooms("engine", "people", "notify", "campaigns/rows", "campaigns/deciding"), "store/snapshot"),
		"workflow/campaigns/enforcing":        rooms("engine", "people", "ledger", "notify", "provision", "campaigns/imported", "campaigns/rows", "campaigns/publishing"),
		"workflow/campaigns/publishing":       append(rooms("engine", "ledger", "notify", "campaigns/rows", "campaigns/export"), "evidence/pack", "evidence/pack/write", "evidence/pack/verify"),
		"workflow/campaigns/export":           append(rooms("engine", "people", "campaigns/targets", "campaigns/rows", "campaigns/draft"), "store/snapshot", "evidence/pack", "evidence/pack/write"),
		"workflow/campaigns/populationfaults": {}, // nothing but tests
		"workflow/campaigns/campaignstest":    append(rooms("engine", "engine/enginetest", "people", "people/peopletest", "ledger", "notify", "provision", "provision/provisiontest", "campaigns", "campaigns/*"), "evidence/note/notetest", "idp/idptest", "clock/clocktest", "store/bolt/bolttest", "store/storetest", "store/snapshot"),

		"jira/adf":               {"catalog"},
		"jira/rest":              jiraRooms("adf"),
		"jira/site":              jiraRooms("adf", "rest"),
		"jira/stamp":             jiraRooms("adf", "rest"),
		"jira/wording":           jiraRooms("adf", "stamp"),
		"jira/transition":        jiraRooms("adf", "rest", "site", "stamp"),
		"jira/issue":             jiraRooms("adf", "rest", "site", "stamp", "wording", "transition"),
		"jira/options":           jiraRooms("rest", "site"),
		"jira/watch":             jiraRooms("adf", "rest", "site", "stamp"),
		"jira/check":             jiraRooms("adf", "rest", "site", "stamp", "transition", "issue", "watch"),
		"jira":                   jiraRooms("rest", "site", "transition", "issue", "watch", "check", "options"),
		"jira/jiratest":          {"jira", "jira/*", "access", "catalog", "clock", "clock/*", "evidence", "evidence/*", "evidence/note/notetest", "sandbox/jira"},
		"evidence":               {"access", "catalog", "store", "evidence/note"},
		"evidence/note":          {},
		"evidence/anchor":        {"access", "store", "evidence", "evidence/note"},
		"evidence/pack":          {"access", "evidence/note"},
		"evidence/pack/*":        {"evidence/pack", "evidence/pack/summary"},
		"evidence/pack/summary":  {"evidence/pack", "evidence/anchor"},
		"evidence/pack/csv":      {"evidence", "evidence/pack", "evidence/pack/summary"},
		"evidence/pack/report":   {"evidence/anchor", "evidence/pack", "evidence/pack/summary"},
		"evidence/pack/write":    {"evidence", "evidence/note", "evidence/pack", "evidence/pack/*"},
		"evidence/pack/verify":   {"access", "evidence/anchor", "evidence/note", "evidence/pack"},
		"evidence/pack/packtest": {"access", "evidence/anchor", "evidence/note", "evidence/pack", "evidence/pack/write"},
		"evidence/pack/auditor":  {},
		"evidence/witness":       {"access"},
		"evidence/chart":         {},
		"evidence/tracepage":     {"access", "evidence", "evidence/pack", "evidence/pack/report"},
		"evidence/note/*":        {"evidence/note"},
		"bot":                    botRoom("socket", "commands", "home", "modals", "lists", "cards", "messenger", "roster", "respond", "route", "payload", "manifest", "webapi", "blocks"),
		"bot/commands":           botRoom("modals", "lists", "cards", "respond", "payload", "blocks"),
		"bot/home":               botRoom("modals", "lists", "cards", "respond", "route", "payload", "manifest", "webapi", "blocks"),
		"bot/modals":             botRoom("lists", "cards", "respond", "route", "payload", "manifest", "webapi", "blocks"),
		"bot/lists":              botRoom("cards", "blocks"),
		"bot/messenger":          botRoom("cards", "manifest", "webapi", "blocks"),
		"bot/cards":              botRoom("blocks"),
		"bot/respond":            {"access", "bot/payload", "bot/webapi", "bot/blocks"},
		"bot/roster":             {"access", "workflow/people", "bot/webapi", "bot/blocks"},
		"bot/route":              {"bot/payload"},
		"bot/payload":            {"bot/blocks", "rawjson"},
		"bot/manifest":           {},
		"bot/webapi":             {"access", "limit", "clock"},
		"bot/blocks":             {"access", "catalog", "clock"},
		"bot/socket":             {"rawjson"},
		"bot/bottest":            {"access", "catalog", "clock/clocktest", "idp", "idp/idptest", "store", "store/bolt", "workflow", "workflow/*", "workflow/people/peopletest", "sandbox/*"},
		"sandbox":                {"sandbox/*"},
		"sandbox/feed":           {},
		"sandbox/feed/*":         {"sandbox/feed"},
		"sandbox/clock":          {},
		"sandbox/traffic":        {},
		"sandbox/handclock":      {},
		"sandbox/witness":        {},
		"sandbox/fault":          {},
		"sandbox/jira":           {"sandbox/jira/*", "sandbox/clock", "sandbox/traffic"},
		"sandbox/google":         {"sandbox/google/*", "sandbox/clock", "sandbox/fault", "sandbox/traffic"},
		"sandbox/okta":           {"sandbox/okta/*", "sandbox/clock", "sandbox/fault", "sandbox/traffic"},
		"sandbox/entra":          {"sandbox/entra/*", "sandbox/clock", "sandbox/fault", "sandbox/traffic"},
		"sandbox/scim":           {"sandbox/fault"},
		"sandbox/slack":          {"sandbox/slack/*", "sandbox/clock", "sandbox/traffic"},

		"sandbox/jira/spectest":   {"sandbox/traffic"},
		"sandbox/jira/world":      {"sandbox/clock", "sandbox/feed"},
		"sandbox/okta/world":      {"sandbox/clock", "sandbox/feed"},
		"sandbox/entra/world":     {"sandbox/clock", "sandbox/feed"},
		"sandbox/entra/spectest":  {"sandbox/traffic"},
		"sandbox/slack/kit":       {},
		"sandbox/slack/world":     {"sandbox/clock", "sandbox/feed", "sandbox/slack/kit"},
		"sandbox/harness":         {"sandbox", "sandbox/*"},
		"sandbox/page":            {"sandbox/slack/kit", "sandbox/slack/world"},
		"sandbox/page/browser":    {},
		"sandbox/loopback":        {},
		"sandbox/site":            {"sandbox", "sandbox/*", "sandbox/jira/world", "sandbox/slack/*"},
		"config":                  {"config/value", "config/expression", "catalog", "access", "evidence/note", "evidence/witness"},
		"signin":                  {"workflow/stepup", "access", "catalog", "clock"},
		"sandbox/google/world":    {"sandbox/clock", "sandbox/feed"},
		"sandbox/google/spectest": {},
		"app": {
			"config", "config/*", "catalog", "catalog/plan", "catalog/proposal", "access", "store", "store/*", "idp", "idp/*", "jira", "jira/*", "workflow", "workflow/*", "workflow/campaigns/*", "workflow/reclaim/*",
			"bot", "bot/*", "signin", "evidence", "evidence/*", "evidence/pack/*", "limit", "clock", "oncall", "sandbox", "sandbox/*",
		},
		"cli/*":          {},
		"cli":            {"cli/*", "app", "config", "catalog/plan", "catalog/proposal", "evidence", "evidence/tracepage", "evidence/pack", "evidence/pack/*", "sandbox", "sandbox/*"},
		"deploy/release": {"cli"},
		"e2e":            {"*"},
	}
}

// rooms is what a room of the workflow may import: contracts, never who implements
// them, and the rooms below it.
func rooms(below ...string) []string {
	may := []string{"access", "catalog", "store", "idp", "evidence", "evidence/note", "limit", "clock"}
	for _, room := range below {
		may = append(may, "workflow/"+room)
	}
	return may
}

// jiraRooms is what a room of jira may import, beside the rooms below it.
func jiraRooms(below ...string) []string {
	may := []string{"access", "catalog", "limit", "clock"}
	for _, room := range below {
		may = append(may, "jira/"+room)
	}
	return may
}

// botRoom is what a room of bot may import: rooms of the workflow, what those speak of,
// and the rooms of bot below it. None of them imports bot.
func botRoom(below ...string) []string {
	may := []string{"workflow/people", "workflow/query", "workflow/notify", "workflow/requests", "workflow/stepup", "workflow/campaigns", "workflow/campaigns/*", "workflow/reclaim", "access", "catalog", "evidence", "limit", "clock"}
	for _, room := range below {
		may = append(may, "bot/"+room)
	}
	return may
}

// TestTwoFilesAtTheRoot keeps the root for main.go and this.
func TestTwoFilesAtTheRoot(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || !slices.Equal(files, []string{"arch_test.go", "main.go"}) {
		t.Errorf("the root holds %v (%v): everything else has a room", files, err)
	}
}

// pure rooms do no I/O, read no clock and take no context.
func pure() []string { return []string{"catalog", "catalog/plan", "catalog/proposal", "access"} }

type pkg struct {
	ImportPath string
	Imports    []string
	Doc        string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Doc", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestArchitecture checks that the rooms import only what they may.
func TestArchitecture(t *testing.T) {
	const module = "latchkey"
	for _, p := range packages(t) {
		room, inside := strings.CutPrefix(p.ImportPath, module+"/")
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if strings.HasPrefix(room, "bench") {
			continue // measures everything
		}
		allowed, known := mayImport()[room]
		if !known {
			allowed, known = mayImport()[path.Dir(room)+"/*"]
		}
		if !inside {
			allowed, known = []string{"cli"}, true
		}
		if !known {
			t.Errorf("the room %s is not in the house: a further one needs a row here and a reason in ARCHITECTURE.md", room)
			continue
		}
		for _, i := range p.Imports {
			if to, ours := strings.CutPrefix(i, module+"/"); ours && !permits(allowed, to) {
				t.Errorf("%s may not import %s", room, to)
			}
		}
	}
}

// permits tells whether a room is among the allowed ones.
func permits(allowed []string, room string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return a == "*" || a == room || a == path.Dir(room)+"/*" })
}

// TestPureRoomsStayPure keeps I/O, clocks and contexts out of catalog and access.
func TestPureRoomsStayPure(t *testing.T) {
	forbidden := []string{"context", "net", "net/http", "os", "io", "log", "log/slog", "bufio", "sync", "math/rand", "math/rand/v2", "crypto/rand"}
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "latchkey/")
		if !slices.Contains(pure(), room) {
			continue
		}
		for _, i := range p.Imports {
			third := strings.Contains(strings.Split(i, "/")[0], ".")
			if third || slices.Contains(forbidden, i) {
				t.Errorf("%s is pure and may not import %s", room, i)
			}
		}
	}
}

// TestWorldsKnowNoHTTP keeps what there is in an emulated world apart from how it
// is served.
func TestWorldsKnowNoHTTP(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.ImportPath, "latchkey/sandbox/") || path.Base(p.ImportPath) != "world" {
			continue
		}
		for _, i := range p.Imports {
			if i == "net" || strings.HasPrefix(i, "net/") || strings.Contains(strings.Split(i, "/")[0], ".") {
				t.Errorf("%s is a world and may not import %s", p.ImportPath, i)
			}
		}
	}
}
