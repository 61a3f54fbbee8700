package setup

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// hostile is an answer that would be something else in YAML, or be read from the environment.
const hostile = `a: [b]} # "c" ${HOME}`

func TestAnswersStayWhatTheyAre(t *testing.T) {
	a := Answers{
		Command: "/access", ITChannel: "#it", JiraURL: "https://acme.atlassian.net", JiraEmail: "a@b.example", Project: "IT", RequestType: hostile,
		Statuses: map[string]string{}, Fields: map[string]string{"app": hostile}, Resolutions: map[string]string{"denied": hostile, "ended": "Won't Do"}, Directory: Directory{ID: "okta", Kind: "okta", Settings: []Setting{{"url", Text("https://acme.okta.com"), "there"}, {"token", "${OKTA_TOKEN}", ""}}},
		Admins: []string{"a@b.example", "yes"}, StorePath: "/a b/x.db", KeyPath: "/k/evidence.key", Apps: OneApp(hostile, "okta", hostile),
	}
	for _, p := range Phases() {
		a.Statuses[p[0]] = hostile
	}
	text, err := Config(a)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Jira struct {
			RequestType string `yaml:"request_type"`
			Statuses    map[string]string
			Fields      map[string]string
			Resolutions map[string]string
		}
		People struct{ Admins []string }
		IDP    []map[string]string `yaml:"idp"`
		Apps   []struct {
			ID, Name string
			Roles    []struct{ Groups []string }
		}
	}
	if err := yaml.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	kept := strings.ReplaceAll(hostile, "${", "$${") // which stands for a plain ${
	if got.Jira.RequestType != kept || got.Jira.Statuses["ended"] != kept || got.Jira.Fields["app"] != kept || got.Jira.Resolutions["denied"] != kept || got.Jira.Resolutions["ended"] != "Won't Do" || got.People.Admins[1] != "yes" ||
		got.IDP[0]["token"] != "${OKTA_TOKEN}" || got.Apps[0].Name != kept || got.Apps[0].Roles[0].Groups[0] != "okta:"+kept || got.Apps[0].ID != "a-b-c-home" {
		t.Errorf("%+v\n%s", got, text)
	}
}

func TestLikelyStatuses(t *testing.T) {
	there := []string{"Offen", "WAITING FOR APPROVAL", "Work in progress", "Canceled", "Closed"}
	for phase, want := range map[string]string{"pending": "WAITING FOR APPROVAL", "approved": "Work in progress", "cancelled": "Canceled", "ended": "Closed", "stuck": ""} {
		if got := Likely(phase, there); got != want {
			t.Errorf("%s: %q", phase, got)
		}
	}
	for _, p := range Phases() {
		if len(Usual(p[0])) == 0 || p[1] == "" {
			t.Errorf("%s has no usual name", p[0])
		}
	}
}

func TestLikelyResolutionsAndFields(t *testing.T) {
	for name, c := range map[string]struct {
		there []string
		want  string
	}{
		"of Latchkey's own workflow": {[]string{"Done", "Won't Do", "Declined", "Canceled", "Granted", "Revoked", "Lapsed"}, "Declined, Canceled, Done, Granted, Revoked, Lapsed"},
		"a site as it comes":         {[]string{"Cannot Reproduce", "done", "Won't Do"}, "Won't Do, Won't Do, done, done, , "},
		"in other words":             {[]string{"Erledigt"}, ", , , , , "},
	} {
		var got []string
		for _, o := range Outcomes() {
			got = append(got, LikelyResolution(o[0], c.there))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := LikelyFields([]string{"Summary", "Business justification", "application", "Reason"}); len(got) != 2 || got["app"] != "application" || got["reason"] != "Reason" {
		t.Errorf("%v", got)
	}
}

func TestSecretsStandInNoExample(t *testing.T) {
	secrets := []Secret{{"A_TOKEN", "from there"}, {"B_TOKEN", "from elsewhere"}}
	if got := string(Example(secrets)); !strings.Contains(got, "# from there\nA_TOKEN=\n# from elsewhere\nB_TOKEN=\n") {
		t.Error(got)
	}
	if got := string(Env(secrets, func(name string) string { return "it's " + name })); got != "A_TOKEN='it'\\''s A_TOKEN'\nB_TOKEN='it'\\''s B_TOKEN'\n" {
		t.Error(got)
	}
}

func TestIDs(t *testing.T) {
	for name, want := range map[string]string{"Figma": "figma", "Adobe Creative Cloud": "adobe-creative-cloud", "1Password": "1password", "→": "app", " a -- b ": "a-b"} {
		if got := idOf(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
