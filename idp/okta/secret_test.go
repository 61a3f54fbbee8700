package okta_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"latchkey/idp/okta"
)

// TestADirectoryPrintsNoSecret: printed by accident, a directory says its id and nothing else.
func TestADirectoryPrintsNoSecret(t *testing.T) {
	const token = "00secret-token"
	d, err := okta.Open(t.Context(), okta.Config{ID: "acme", URL: "https://acme.okta.com", Token: token})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "directory", d)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "directory", d)
	printed := []string{log.String(), fmt.Sprintln(d), fmt.Sprint([]any{d})}
	for _, verb := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
		printed = append(printed, fmt.Sprintf(verb, d))
	}
	for _, p := range printed {
		if strings.Contains(p, token) || !strings.Contains(p, "acme") {
			t.Errorf("printed as %s", p)
		}
	}
}
