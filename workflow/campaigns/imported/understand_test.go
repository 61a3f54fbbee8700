package imported

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/imported/sheet"
)

func shop() catalog.App {
	return catalog.App{ID: "shop", Name: "Shop", Provisioning: catalog.Manual, Roles: []catalog.Role{{ID: "user", Name: "User"}, {ID: "admin", Name: "Shop admin"}}}
}

// read is what a file comes to, a line for each account, or its faults.
func read(t *testing.T, text string, said Options) (string, understood) {
	t.Helper()
	table, err := sheet.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	is, err := understand(table, shop(), []string{"okta"}, "salt", said)
	if r, refused := access.AsRefusal(err); refused {
		return r.Sentence, is
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range is.rows {
		used := ""
		if !r.Used.IsZero() {
			used = r.Used.Format(" 2006-01-02")
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %v %s <%s> %s%v%s", r.Line, r.Account, r.Roles, r.Name, r.Address, r.Personnel, r.Accounts, used)))
	}
	return strings.Join(out, "\n"), is
}

func TestColumnsAreUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		said Options
		want string
	}{
		"by their names":     {"User ID,First name,Last name,Email Address,Role,Last login,Employee number\n7,Maya,Lind,Maya@acme.example,SHOP ADMIN,2026-10-01,E-1\n", Options{}, "2 7 [admin] Maya Lind <maya@acme.example> E-1[] 2026-10-01"},
		"as it is said":      {"Login,Konto,Okta,Recht\nmaya,7,00u1,Voll\n", Options{Columns: map[Meaning]string{Account: "Konto", "okta": "Okta", Role: "recht"}, Roles: map[string]string{"Voll": "admin"}}, "2 7 [admin]  <> [{okta 00u1}]"},
		"several roles":      {"id,name,role,last used\n7,Maya,user,2026-01-02\n7,Maya,admin,2026-03-04\n", Options{}, "2 7 [user admin] Maya <> [] 2026-03-04"},
		"a day that is two":  {"id,role,last used\n7,user,03/04/2026\n8,user,never\n", Options{}, "2 7 [user]  <> []\n3 8 [user]  <> []"},
		"no account":         {"name,role\nMaya,user\n", Options{}, `No column says which account a row is about`},
		"no role":            {"id\n7\n", Options{}, "No column says which role a row is about, and Shop has 2 of them"},
		"two that could be":  {"id,user id,role\n7,8,user\n", Options{}, `The columns "id" and "user id" could both be account`},
		"one for two":        {"id,role\n7,user\n", Options{Columns: map[Meaning]string{Name: "id", Account: "id"}}, `The column "id" can't be both account and name`},
		"no such column":     {"id,role\n7,user\n", Options{Columns: map[Meaning]string{Name: "Nom"}}, `The file has no column "Nom"`},
		"no such meaning":    {"id,role\n7,user\n", Options{Columns: map[Meaning]string{"shoe": "id"}}, `"shoe" is nothing that a column can mean`},
		"another role":       {"id,role\n7,owner\n8,\n", Options{}, "Row 2: \"owner\" is no role of Shop in the catalogue. Say which it is, as in --role \"owner\"=user, or add the role.\nRow 3 has nothing in the column \"role\""},
		"the same twice":     {"id,role\n7,user\n8,user\n7,User\n", Options{}, "Row 4 is about the same account and role as row 2"},
		"two names":          {"id,name,role\n7,Maya,user\n7,Tom,admin\n", Options{}, "Rows 2 and 3 are about the same account and don't agree whose it is"},
		"a number shortened": {"id,role\n1.23457E+17,user\n", Options{}, "Row 2: \"1.23457E+17\" is what a spreadsheet makes of a long number"},
		"a total at the end": {"id,role,name\n7,user,Maya\n,,1 account\n", Options{}, "Row 3 has nothing in the column \"id\""},
		"no address":         {"email,role\nmaya,user\n", Options{}, "Row 2 has no e-mail address in the column \"email\""},
	} {
		if got, _ := read(t, c.text, c.said); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// TestAnAddressIsNoAccount: where a file names none, one stands in for it that says nothing of the address, and is the same
// on the next list.
func TestAnAddressIsNoAccount(t *testing.T) {
	_, first := read(t, "email,role\nMaya@acme.example,user\n", Options{})
	_, called := read(t, "id,role\nmaya@acme.example,user\n", Options{})
	if is := called.rows[0]; is.Account != first.rows[0].Account || is.Address != "maya@acme.example" {
		t.Errorf("where the app calls accounts by addresses: %+v", is)
	}
	_, again := read(t, "role,email,plan\nuser,maya@ACME.example,Pro\n", Options{})
	got := first.rows[0].Account
	if strings.Contains(got, "maya") || got != again.rows[0].Account || got == standIn("another salt", "maya@acme.example") {
		t.Errorf("%q, and again %q", got, again.rows[0].Account)
	}
	if !slices.Equal(again.ignored, []string{"plan"}) || !slices.Contains(again.read, "email: email") {
		t.Errorf("%+v", again)
	}
}

// TestManyFaultsAreToldShort, all of them counted.
func TestManyFaultsAreToldShort(t *testing.T) {
	got, _ := read(t, "id,role\n"+strings.Repeat("7,owner\n", 100), Options{})
	if strings.Count(got, "\n") != faultsTold+1 || !strings.HasSuffix(got, "and 80 more") {
		t.Error(got)
	}
}
