package app

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// measured are the names of all that Latchkey measures.
func measured(t *testing.T) (names []string) {
	t.Helper()
	a := idleApp(t)
	history(t, a)
	a.metrics.limited.WithLabelValues("jira").Inc()
	if err := a.services.greetSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, text := get(t, a.pages().handler(), "/metrics")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (latchkey_\w+) (\w+)`).FindAllStringSubmatch(text, -1) {
		if names = append(names, m[1]); m[2] == "histogram" {
			names = append(names, m[1]+"_bucket", m[1]+"_count", m[1]+"_sum")
		}
	}
	return append(names, "latchkey_socket_hello_age_seconds") // only once Slack has greeted
}

var metricName = regexp.MustCompile(`latchkey_\w+`)

// mistakes are what a human who wrote an expression would be told of by Prometheus, as far as can be seen without it.
func mistakes(expr string, known []string) (out []string) {
	for _, name := range metricName.FindAllString(expr, -1) {
		if !slices.Contains(known, name) {
			out = append(out, name+" is not measured")
		}
		at := strings.Index(expr, name)
		counts := strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_bucket")
		if rated := strings.Contains(expr[:at], "rate(") || strings.Contains(expr[:at], "increase("); counts && !rated {
			out = append(out, name+" only ever grows: it takes rate or increase")
		}
	}
	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expr, pair[:1]) != strings.Count(expr, pair[1:]) {
			out = append(out, "unbalanced "+pair)
		}
	}
	if strings.Contains(expr, "histogram_quantile") && !strings.Contains(expr, "by (le") {
		out = append(out, "a quantile needs le")
	}
	if len(metricName.FindAllString(expr, -1)) == 0 {
		out = append(out, "it is about nothing")
	}
	return out
}

// TestTheAlertsAreOfWhatIsMeasured, and the runbooks know each of them.
func TestTheAlertsAreOfWhatIsMeasured(t *testing.T) {
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "../deploy/prometheus/latchkey.rules.yaml")))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	known, page := measured(t), read(t, "../docs/runbooks.md")
	alerts := page[strings.Index(page, "## Alerts by metrics"):]
	about, names := map[string]bool{}, map[string]bool{}
	for _, r := range file.Groups[0].Rules {
		for _, m := range mistakes(r.Expr, known) {
			t.Errorf("%s: %s", r.Alert, m)
		}
		for _, name := range metricName.FindAllString(r.Expr, -1) {
			about[strings.TrimSuffix(name, "_bucket")] = true
		}
		if names[r.Alert] || r.For == "" || r.Labels["severity"] != "page" && r.Labels["severity"] != "ticket" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s lacks something: %+v", r.Alert, r)
		}
		if names[r.Alert] = true; r.Annotations["runbook"] != "docs/runbooks.md#alerts-by-metrics" {
			t.Errorf("%s leads to %s", r.Alert, r.Annotations["runbook"])
		}
	}
	rows := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(latchkey_\\w+)` \\|").FindAllStringSubmatch(alerts, -1) {
		if rows[m[1]] = true; !about[m[1]] {
			t.Errorf("the runbooks tell of %s, and no alert is about it", m[1])
		}
	}
	for name := range about {
		if !rows[name] {
			t.Errorf("an alert is about %s, and the runbooks don't know it", name)
		}
	}
}

// TestTheDashboardShowsWhatIsMeasured, each panel in a place of its own.
func TestTheDashboardShowsWhatIsMeasured(t *testing.T) {
	var dashboard struct {
		Title  string
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "../deploy/grafana/latchkey.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	known, shown, taken := measured(t), "", map[[2]int]string{}
	ids := map[int]bool{}
	for _, p := range dashboard.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%+v", p)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			shown += target.Expr + "\n"
			for _, m := range mistakes(target.Expr, known) {
				t.Errorf("%s: %s", p.Title, m)
			}
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
	for _, name := range known {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
		if !strings.Contains(shown, base) {
			t.Errorf("%s is measured and shown nowhere", name)
		}
	}
}

// TestMistakesInExpressionsAreSeen: else the two tests above would say little.
func TestMistakesInExpressionsAreSeen(t *testing.T) {
	known := []string{"latchkey_stuck", "latchkey_events_total", "latchkey_ack_seconds_bucket"}
	for expr, want := range map[string]string{
		"latchkey_stuk > 0":         "is not measured",
		"latchkey_events_total > 1": "takes rate or increase",
		"sum(latchkey_stuck":        "unbalanced ()",
		"histogram_quantile(0.9, rate(latchkey_ack_seconds_bucket[1h]))": "needs le",
		"up == 0":            "about nothing",
		"latchkey_stuck > 0": "",
	} {
		if got := strings.Join(mistakes(expr, known), "; "); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s", expr, got)
		}
	}
}
