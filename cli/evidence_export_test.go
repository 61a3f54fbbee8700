package cli

import (
	"strings"
	"testing"
)

// TestAPeriodOfAnExport has its last day in it, and slips are told before anybody is asked.
func TestAPeriodOfAnExport(t *testing.T) {
	only, err := (&onlyFlag{from: "2026-10-01", to: "2026-12-31", app: "figma"}).read()
	if err != nil || only.From.Format("2006-01-02 15:04") != "2026-10-01 00:00" || only.To.Format("2006-01-02 15:04") != "2027-01-01 00:00" || only.App != "figma" {
		t.Errorf("%+v %v", only, err)
	}
	for line, want := range map[string]string{
		"--from yesterday":                  "--from can't be \"yesterday\"",
		"--from 2026-12-31 --to 2026-10-01": "is after --to",
		"--format bundle --app figma":       "a bundle is the whole log",
		"--to 2026-02-30":                   "--to can't be",
		"--format csv --of requests,grants": "one table",
	} {
		_, err := runCommandLine(t.Context(), append([]string{"evidence", "export", "--config", "../config.yaml"}, strings.Fields(line)...)...)
		if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
