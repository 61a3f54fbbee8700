package expression_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/config/expression"
)

func language(t *testing.T) expression.Language {
	t.Helper()
	l, err := expression.New()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestExpressions(t *testing.T) {
	staff := catalog.GroupRef{Directory: "okta", Group: "staff"}
	maya := catalog.PersonAttributes{Email: "maya@acme.example", Department: "Design", Groups: map[catalog.GroupRef]catalog.Truth{staff: catalog.Yes}}
	tom := catalog.PersonAttributes{Department: "Engineering", Type: "Contractor", Title: "Developer"}
	a := catalog.Attributes{Person: maya, Requester: tom, App: catalog.App{ID: "figma", Tags: []string{"design"}}, Role: catalog.Role{ID: "editor", Risk: catalog.High}, Wanted: 24 * time.Hour, Peers: catalog.Share{Some: 9, All: 10}}
	cases := []struct {
		text, missing string
		want          catalog.Truth
	}{
		{`person.department == "Design"`, "", catalog.Yes},
		{`person.department != "Design"`, "", catalog.No},
		{`wanted <= duration("24h")`, "", catalog.Yes},
		{`peers.share > 0.8 && peers.count >= 9`, "", catalog.Yes},
		{`app.tags.exists(t, t == "design") && role.risk == "high"`, "", catalog.Yes},
		{`"okta:staff" in person.groups`, "", catalog.Yes},
		{`"okta:staff" in requester.groups`, "groups of whoever asks", catalog.Unknown},
		{`person.title == "Designer"`, "title", catalog.Unknown},
		{`person.title != "Designer"`, "title", catalog.Unknown},
		{`!(person.title == "Designer" || person.type == "Contractor")`, "kind of employment, title", catalog.Unknown},
		{`person.title == "Designer" || person.department == "Design"`, "", catalog.Yes},
		{`person.title == "Designer" && person.department == "Sales"`, "", catalog.No},
		{`has(person.title)`, "title", catalog.Unknown},
		{`person.manager.endsWith("@acme.example")`, "manager", catalog.Unknown},
		{`requester.title.startsWith("Dev") && !permanent && !extends`, "", catalog.Yes},
		{`1 / (peers.count - 9) > 0`, "what its expression comes to", catalog.Unknown},
	}
	l := language(t)
	for _, c := range cases {
		e, problems := l.Compile(c.text)
		if problems != nil {
			t.Errorf("%s: %v", c.text, problems)
			continue
		}
		if got, missing := e.Holds(a); got != c.want || strings.Join(missing, ", ") != c.missing {
			t.Errorf("%s: %v, missing %q; want %v, %q", c.text, got, missing, c.want, c.missing)
		}
	}
}

// Access without an end is longer than any other, and no colleagues that are known are not none.
func TestNothingKnown(t *testing.T) {
	l := language(t)
	for text, want := range map[string]catalog.Truth{
		`wanted <= duration("24h")`: catalog.No, `wanted > duration("999999h")`: catalog.Yes, `permanent`: catalog.Yes,
		`peers.share < 0.1`: catalog.Unknown, `peers.count == 0`: catalog.Unknown, `person.email == ""`: catalog.Unknown, `"okta:x" in person.groups`: catalog.Unknown, `!("okta:x" in person.groups)`: catalog.Unknown,
	} {
		e, problems := l.Compile(text)
		if problems != nil {
			t.Fatal(text, problems)
		}
		if got, _ := e.Holds(catalog.Attributes{}); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestExpressionsAreRefused(t *testing.T) {
	l := language(t)
	for text, want := range map[string]string{
		`persn.department == "x"`:           "did you mean person?",
		`person.departmnt == "x"`:           "did you mean department?",
		`person.salary > 3`:                 "known are",
		`wanted`:                            "true or false",
		`wanted <= "24h"`:                   "write duration(\"24h\")",
		`wanted <= duration("30d")`:         `write duration("720h")`,
		`wanted <= duration("soon")`:        `write duration("8h")`,
		`"90m" < wanted`:                    `write duration("1h30m0s")`,
		`wanted > 8`:                        `a time is written as in duration("8h")`,
		`peers.share * 100 > 80.0`:          "write 100.0",
		`peers.share > 80`:                  "write 0.8",
		`peers.share > 80.0`:                "write 0.8",
		`peers.share > 1`:                   "write 1.0",
		`role.risk == "hihg"`:               "write one of low, medium, high",
		`"prod" == role.kind`:               "write one of everyday, admin, production, finance",
		`role.kind in ["admin", "prod"]`:    `"prod" is no kind`,
		`role.kind in ["admin", "finance"]`: "",
		`wanted > 30d`:                      `write duration("720h")`,
		`not permanent`:                     "write ! in place of not",
		`person.title == “x”`:               "straight quotes",
		`person.title is "x"`:               "write ==",
		`person.title == Lead`:              "a text needs quotes",
		`person.name == "x"`:                "known are department, email, groups, location, manager, title, type",
		`app.tags.contains("x")`:            `write "…" in`,
		`wanted > duration(8)`:              `write duration("8h")`,
		`person.groups == "okta:x"`:         `write "okta:x" in`,
		`person.manager.department == "x"`:  "nothing behind a text",
		`person.title.startsWith(1)`:        "startsWith can't be asked of a text with (a whole number)",
		`peers.count > "3"`:                 "write 3, without quotes",
		`peers.count > 0.5`:                 "write a whole number",
		`role.id == 7`:                      `write "7", in quotes`,
		`person.title = "x"`:                ": write ==",
		`permanent and extends`:             ": write &&",
		`permanent & extends`:               ": write &&",
		`person.title.endswith("x")`:        "did you mean endsWith?",
		`person.department == `:             "Syntax error",
		`person.groups.size() > 2`:          "person.groups can only be asked for one that is named",
		`"okta:a" in requester.groups && person.groups.exists(g, g.startsWith("okta:b"))`: "person.groups can only be asked",
		`person.title in requester.groups`:                                                "requester.groups can only be asked",
		`has(person.groups)`:                                                              "can only be asked",
		`"sales" in person.groups`:                                                        `as in "okta:sales"`,
		`["okta:a", "b"].exists(g, g in person.groups)`:                                   `"b" is not a group`,
		`["okta:a", "okta:b"].exists(g, g in person.groups)`:                              "",
		strings.Repeat("true && ", 400) + "true":                                          "longer than",
		nested(4):                                                                         "too long",
		`app.tags.exists(t, t.matches("(a+)+$"))`:                                         "",
		`app.name.contains("x") || role.name != ""`:                                       "",
	} {
		_, problems := l.Compile(text)
		if want == "" {
			if problems != nil {
				t.Errorf("%s: %v", text, problems)
			}
			continue
		}
		if len(problems) == 0 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%s: %v, want %q", text, problems, want)
		}
	}
}

func nested(deep int) string {
	list := "[" + strings.Repeat("1,", 99) + "1]"
	if deep == 0 {
		return "true"
	}
	return list + ".all(x, " + nested(deep-1) + ")"
}

// FuzzExpressions wants an answer to every text: problems, each with a place inside it, or an expression that judges.
func FuzzExpressions(f *testing.F) {
	for _, seed := range []string{`wanted > duration("1h") && person.department != "Sales"`, `"okta:a" in person.groups`, `["okta:a"].exists(g, g in person.groups)`, `person.title = "x"`, `é.x`, "a &&\n b", `1 / 0 > 0`, `person.groups.map(g, g)[0] == "x"`, `{"a": 1}.a == 1`, ""} {
		f.Add(seed)
	}
	l, err := expression.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, problems := l.Compile(text)
		if len(problems) == 0 {
			e.Holds(catalog.Attributes{})
			return
		}
		lines := strings.Split(text, "\n")
		for _, p := range problems {
			if p.Text == "" || p.Line > len(lines) || p.Line > 0 && p.Column > len([]rune(lines[p.Line-1]))+1 || p.Line > 0 && p.Column < 1 {
				t.Errorf("%+v of %q", p, text)
			}
		}
	})
}
