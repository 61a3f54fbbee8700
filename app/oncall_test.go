package app

import (
	"testing"

	"latchkey/config"
	"latchkey/config/value"
)

// Each service wants its token in a header of its own form.
func TestOnCallServicesAreSignedInTo(t *testing.T) {
	for kind, want := range map[string]string{config.PagerDuty: "Token token=abc", config.Opsgenie: "GenieKey abc", config.JSON: "Bearer abc"} {
		c := &config.Config{OnCall: []config.OnCall{{Name: "ops", URL: "https://oncall.example", Type: kind, Token: value.NewSecret("abc")}, {Name: "file", File: "x.yaml"}}}
		all := onCallSources(c)
		if got := all[0].Authorization(); got != want || all[0].Name != "ops" || all[0].URL != "https://oncall.example" || all[1].File != "x.yaml" || all[1].Authorization != nil {
			t.Errorf("%s: %q, %+v", kind, got, all)
		}
	}
}
