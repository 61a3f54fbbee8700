package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/oncall"
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

// What config.yaml says of a service reaches it: its address, and the token in its header.
func TestAServiceIsAskedWhoIsOnCall(t *testing.T) {
	asked := ""
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked = req.URL.String() + " " + req.Header.Get("Authorization")
		_, _ = io.WriteString(w, `{"oncalls": [{"user": {"email": "omar@acme.example"}, "start": null, "end": null}], "more": false}`)
	}))
	defer service.Close()
	c := &config.Config{OnCall: []config.OnCall{{Name: "ops", URL: service.URL + "/oncalls?schedule_ids[]=P1", Type: config.PagerDuty, Token: value.NewSecret("abc")}}}
	transport := transport()
	defer transport.CloseIdleConnections()
	who, err := oncall.New(onCallSources(c), transport, clock.System{}).OnCall(t.Context(), "ops", false)
	if err != nil || !slices.Equal(who, []string{"omar@acme.example"}) || asked != "/oncalls?schedule_ids[]=P1 Token token=abc" {
		t.Errorf("%v, %v; it was asked %q", who, err, asked)
	}
}
