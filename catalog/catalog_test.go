package catalog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func group(name string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }

func sample() *catalog.Catalog {
	role := func(id string, groups ...catalog.GroupRef) catalog.Role {
		return catalog.Role{ID: id, Name: id, Groups: groups, Route: "manager"}
	}
	return catalog.New([]catalog.App{
		{ID: "zoom", Name: "Zoom", Category: "Productivity", Tags: []string{"Video", "calls"}, Status: catalog.Approved, Roles: []catalog.Role{role("user", group("zoom"))}},
		{ID: "figma", Name: "Figma", Category: "Design", Tags: []string{"prototype"}, Status: catalog.Approved, Roles: []catalog.Role{role("viewer", group("figma")), role("editor", group("figma"), group("figma-editors"))}},
		{ID: "figjam", Name: "FigJam", Category: "Design", Tags: []string{"video whiteboard"}, Status: catalog.Approved},
		{ID: "config-db", Name: "Database", Category: "Engineering", Status: catalog.Approved},
		{ID: "trello", Name: "Trello", Category: "Boards", Status: catalog.Retired, Roles: []catalog.Role{role("user", group("trello"))}},
		{ID: "canva", Name: "Canva", Category: "Art", Status: catalog.Unassigned},
		{ID: "bare", Name: "éclair", Status: catalog.Approved},
	}, []catalog.Route{{Name: "manager", Stages: []catalog.Stage{{}}}, {Name: "everyday"}})
}

func ids(apps []catalog.App) string {
	var out []string
	for _, a := range apps {
		out = append(out, a.ID)
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		query string
		limit int
		want  string
	}{
		{"fig", 10, "figjam figma config-db"}, // names that begin with it first
		{"FIG", 2, "figjam figma"},
		{" figma ", 10, "figma"},
		{"design", 10, "figjam figma"},
		{"video", 10, "figjam zoom"},
		{"design video", 10, "figjam"},
		{"video design", 10, "figjam"},
		{"Éclair", 10, "bare"},
		{"trello", 10, ""}, // retired
		{"canva", 10, ""},  // not decided about
		{"nothing", 10, ""},
		{"", 10, "config-db figjam figma zoom bare"},
		{"", 3, "config-db figjam figma"},
		{"", 0, ""},
		{"", -1, ""},
	} {
		if got := ids(sample().Search(c.query, c.limit)); got != c.want {
			t.Errorf("%q (%d): got %q, want %q", c.query, c.limit, got, c.want)
		}
	}
}

// A role is found by what its app and it are called, in any spelling of the two.
func TestSearchOfRoles(t *testing.T) {
	role := func(id, name string) catalog.Role { return catalog.Role{ID: id, Name: name} }
	c := catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Roles: []catalog.Role{role("viewer", "Viewer"), role("editor", "Editor")}},
		{ID: "aws-prod", Name: "AWS production", Status: catalog.Approved, Roles: []catalog.Role{role("ro", "Read only"), role("admin", "Admin")}},
		{ID: "slides", Name: "Slides", Status: catalog.Approved, Roles: []catalog.Role{role("editor", "Editor")}},
	}, nil)
	for query, want := range map[string]string{
		"figma editor": "[figma/editor]", "Figma · Editor": "[figma/editor]", "figma/editor": "[figma/editor]", "fig e": "[figma/viewer figma/editor]",
		"aws production read only": "[aws-prod/ro]", "aws admin": "[aws-prod/admin]", "AWS PRODUCTION Admin": "[aws-prod/admin]",
		"figma": "[]", "editor": "[]", "": "[]", "slides editor": "[]", "figma nobody": "[]", "aws production": "[]", "gone editor": "[]",
	} {
		if got := fmt.Sprint(c.SearchRoles(query, 10)); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
	if got := c.SearchRoles("fig e", 1); len(got) != 1 {
		t.Errorf("more than asked for: %v", got)
	}
}

func TestSearchFindsEveryOfferedAppByItsName(t *testing.T) {
	c := sample()
	rapid.Check(t, func(t *rapid.T) {
		app := rapid.SampledFrom(c.Offered()).Draw(t, "app")
		cut := rapid.IntRange(1, len([]rune(app.Name))).Draw(t, "letters")
		query := string([]rune(app.Name)[:cut])
		found := c.Search(query, 100)
		if !slices.ContainsFunc(found, func(a catalog.App) bool { return a.ID == app.ID }) {
			t.Fatalf("%q does not find %s", query, app.ID)
		}
	})
}

func TestLookups(t *testing.T) {
	c := sample()
	if got := ids(c.Offered()); got != "config-db figjam figma zoom bare" {
		t.Errorf("offered are %q", got)
	}
	if diff := cmp.Diff([]string{"Design", "Engineering", "Productivity"}, c.Categories()); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]catalog.GroupRef{group("figma"), group("figma-editors"), group("trello"), group("zoom")}, c.Groups()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if app, role, ok := c.Role("figma", "editor"); !ok || app.Name != "Figma" || role.ID != "editor" {
		t.Errorf("figma editor is %v %v %t", app, role, ok)
	}
	for _, miss := range [][2]string{{"figma", "owner"}, {"nope", "editor"}, {"", ""}} {
		if _, _, ok := c.Role(miss[0], miss[1]); ok {
			t.Errorf("%v is found", miss)
		}
	}
	everyday, ok := c.Route("everyday")
	manager, _ := c.Route("manager")
	if _, none := c.Route("nope"); !ok || none || !everyday.Automatic() || manager.Automatic() {
		t.Error("routes are looked up wrongly")
	}
}

func TestFulfillers(t *testing.T) {
	app := catalog.App{Owners: []string{"o@x.example"}}
	if got := app.Fulfillers(); !slices.Equal(got, app.Owners) {
		t.Errorf("without fulfillers: %v", got)
	}
	app.FulfilledBy = []string{"f@x.example"}
	if got := app.Fulfillers(); !slices.Equal(got, app.FulfilledBy) {
		t.Errorf("with fulfillers: %v", got)
	}
}

func TestParseApprover(t *testing.T) {
	for text, want := range map[string]catalog.Approver{
		"manager": {Kind: catalog.Manager}, " owner ": {Kind: catalog.Owner}, "admins": {Kind: catalog.Security},
		"Noor@Acme.example":   {Kind: catalog.Named, Person: "Noor@Acme.example"},
		"group:okta:security": {Kind: catalog.GroupOf, Group: group("security")},
		"group:okta:a:b c":    {Kind: catalog.GroupOf, Group: group("a:b c")},
	} {
		got, err := catalog.ParseApprover(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v (%v), want %+v", text, got, err, want)
		}
		if again, err := catalog.ParseApprover(got.String()); err != nil || again != got {
			t.Errorf("%q comes back from %q as %+v (%v)", text, got, again, err)
		}
	}
	for _, text := range []string{"", "boss", "Manager", "a@b@c", "@acme.example", "noor@", "a b@c", "group:", "group:okta", "group:okta:", "group: : "} {
		if got, err := catalog.ParseApprover(text); err == nil {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

func TestGroupRefs(t *testing.T) {
	for _, text := range []string{"", ":", "okta", "okta:", ":x", "okta: ", " :x"} {
		if got, err := catalog.ParseGroupRef(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
	if got, err := catalog.ParseGroupRef(" okta: Figma: Editors "); err != nil || got != group("Figma: Editors") {
		t.Errorf("got %q (%v)", got, err)
	}
	var back map[string][]catalog.GroupRef
	asJSON, err := json.Marshal(map[string][]catalog.GroupRef{"g": {group("a:b")}})
	if err != nil || string(asJSON) != `{"g":["okta:a:b"]}` || json.Unmarshal(asJSON, &back) != nil || back["g"][0] != group("a:b") {
		t.Errorf("JSON is %s (%v), read back as %v", asJSON, err, back)
	}
	if json.Unmarshal([]byte(`{"g":["okta"]}`), &back) == nil {
		t.Error("a record with half a group is read")
	}
}

func ExampleNearest() {
	known := []string{"manager", "owner", "admins"}
	fmt.Println(catalog.Nearest("manger", known))
	fmt.Println(catalog.Nearest("OWNRE", known))
	fmt.Printf("%q\n", catalog.Nearest("security", known))
	// Output:
	// manager
	// owner
	// ""
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ word, known, want string }{
		{"figma", "figma", "figma"}, {"figm", "figma", "figma"}, {"figmaa", "figma", "figma"}, {"gifma", "figma", "figma"},
		{"figmaxyz", "figma", ""}, {"", "figma", ""}, {"", "ab", ""}, {"xy", "ab", ""}, {"a", "b", ""}, {"figma", "", ""},
		{"jirra", "slack jira", "jira"}, {"cat", "cab car cart", "cab"}, // the first of equals
	} {
		if got := catalog.Nearest(c.word, strings.Fields(c.known)); got != c.want {
			t.Errorf("%q among %q: got %q, want %q", c.word, c.known, got, c.want)
		}
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("manger", "manager")
	f.Add("é", "e")
	f.Fuzz(func(t *testing.T, word, known string) {
		got := catalog.Nearest(word, []string{known})
		if got != "" && got != known {
			t.Errorf("%q is not a known word", got)
		}
		if word == known && known != "" && got != known {
			t.Errorf("%q is not nearest to itself", word)
		}
	})
}
