package entra_test

import (
	"strings"
	"testing"

	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/idp/entra"
)

func TestSettingsAreRead(t *testing.T) {
	read := func(text string) (s entra.Settings, faults string) {
		env := func(string) (string, bool) { return "s3cret", true }
		doc, root := value.Read(value.Source{Name: "config.yaml", Text: []byte(text), Env: env})
		s = entra.Decode(root)
		if err := doc.Err(); err != nil {
			faults = err.Error()
		}
		return s, faults
	}
	s, faults := read("tenant: acme.example\nclient_id: c\nclient_secret: ${S}\ncloud: us\nhold_attribute: extensionAttribute3\nhold_value: hold\n")
	if faults != "" || s.Tenant != "acme.example" || s.ClientID != "c" || s.ClientSecret.Reveal() != "s3cret" || s.Cloud != "us" || s.HoldAttribute != "extensionAttribute3" || !s.EndsSessions() {
		t.Errorf("%+v %s", s, faults)
	}
	if d, err := entra.Connect(t.Context(), s, idp.Environment{ID: "corp"}); err != nil || d.ID() != "corp" {
		t.Errorf("%v", err)
	}
	if s, faults := read("tenant: acme.example\nmanaged_identity: true\n"); faults != "" || !s.ManagedIdentity {
		t.Errorf("a managed identity: %+v %s", s, faults)
	}
	if _, err := entra.Connect(t.Context(), entra.Settings{}, idp.Environment{ID: "corp"}); err == nil {
		t.Error("nothing is enough to connect with")
	}
	const client = "tenant: t.example\nclient_id: c\n"
	for text, want := range map[string]string{
		"client_id: c\nclient_secret: ${S}\n": "tenant is missing",
		client:                                "no way to sign in",
		client + "client_secret: ${S}\ncertificate: ${C}\n":                   "several ways",
		client + "client_secret: ${S}\nmanaged_identity: true\n":              "several ways",
		"tenant: t.example\nclient_secret: ${S}\n":                            "add client_id",
		client + "client_secret: ${S}\ncloud: germany\n":                      "4:8",
		client + "client_secret: ${S}\nhold_attribute: name\nhold_value: x\n": "4:17",
		client + "client_secret: ${S}\nhold_attribute: employeeType\n":        "by half",
		client + "client_secret: ${S}\napi_url: nowhere\n":                    "4:10",
		client + "secret: ${S}\n":                                             `"secret" is not a key`,
	} {
		if _, faults := read(text); !strings.Contains(faults, want) || strings.Contains(faults, "s3cret") {
			t.Errorf("%q: %s, want %s", text, faults, want)
		}
	}
}
