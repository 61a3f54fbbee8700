package app

import (
	"errors"
	"strings"
	"testing"
)

func TestTheBotSaysHowItIs(t *testing.T) {
	a := idleApp(t)
	if _, err := AskHealth(t.Context(), a.config, false); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("no bot answers, and health says %v", err)
	}
	stop := a.openAdmin()
	defer stop()
	all, err := AskHealth(t.Context(), a.config, false)
	if err != nil || len(all) != 1 || all[0].Name != "store" || !all[0].OK {
		t.Errorf("alive: %+v, %v", all, err)
	}
	all, err = AskHealth(t.Context(), a.config, true)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, one := range all {
		said[one.Name] = one.OK
	}
	if ok, asked := said["slack"]; !asked || ok {
		t.Errorf("nothing is connected to Slack, and ready says %+v", all)
	}
	if !said["ends"] || !said["store"] {
		t.Errorf("ready says %+v", all)
	}
}

// A command that opened the store itself answers no question about a bot.
func TestAStoreWithoutABotHasNoHealth(t *testing.T) {
	code, body := get(t, adminServer{}.handler(), "/health")
	if code == 200 || !strings.Contains(body, "latchkey run") {
		t.Errorf("%d %s", code, body)
	}
}
