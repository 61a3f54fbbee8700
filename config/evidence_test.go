package config

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const aKey = "jira.example/latchkey/7f3k9q2m/1+6604bb6e+AXc6T6KbiOPyjcfqp491jaTC0tr9FXpPqsqKWKnIiO3B"

// signed is the small configuration with a section for evidence.
func signed(t *testing.T, section string, vars map[string]string) (*Config, error) {
	t.Helper()
	return loadText(t, smallConfig(t)+"evidence: "+section+"\n", vars)
}

func TestWhereTheSigningKeyIs(t *testing.T) {
	for name, c := range map[string]struct {
		section            string
		vars               map[string]string
		file, key, missing string
	}{
		"nothing said":            {"{}", tokens(), "", "", ""},
		"a file that isn't there": {"{key: \"${file:/etc/latchkey/evidence.key}\"}", tokens(), "/etc/latchkey/evidence.key", "", ""},
		"a file beside this one":  {"{key: \"${file:keys/evidence.key}\"}", tokens(), "keys/evidence.key", "", ""},
		"the environment":         {"{key: \"${EVIDENCE_KEY}\"}", with(tokens(), "EVIDENCE_KEY", "PRIVATE+KEY+x"), "", "PRIVATE+KEY+x", ""},
		"not in the environment":  {"{key: \"${EVIDENCE_KEY}\"}", tokens(), "", "", "EVIDENCE_KEY is not set"},
	} {
		got, err := signed(t, c.section, c.vars)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		e := got.Evidence
		if c.file != "" && !filepath.IsAbs(c.file) {
			c.file = filepath.Join(filepath.Dir(got.Path), c.file)
		}
		if e.KeyFile != c.file || e.Key.Reveal() != c.key || e.Missing != c.missing || len(got.MissingSecrets) > 0 {
			t.Errorf("%s: %+v, %q; missing %v", name, e, e.Key.Reveal(), got.MissingSecrets)
		}
	}
}

func TestWhoseSignaturesCount(t *testing.T) {
	got, err := signed(t, "{trust: [\""+aKey+"\", {key: \""+aKey+"\", until: 2026-12-28, stolen: \"2026-11-20T09:00:00Z\"}], sign: [sign, it]}", tokens())
	if err != nil {
		t.Fatal(err)
	}
	e := got.Evidence
	if len(e.Trust) != 2 || e.Trust[0].String() != aKey || !e.Trust[1].Until.Equal(time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC)) ||
		!e.Trust[1].Stolen.Equal(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)) || strings.Join(e.Sign, " ") != "sign it" {
		t.Errorf("%+v", e)
	}
}

func TestEvidenceFaults(t *testing.T) {
	for section, says := range map[string]string{
		"{key: PRIVATE+KEY+x}": "must not stand in this file",
		"{key: \"${file:/k}\", sign: [x], trust: [\"" + aKey + "\"]}": "keep one",
		"{sign: [x]}":    "nobody knows its public key",
		"{trust: [abc]}": "is no public key of Latchkey",
		"{trust: [{key: \"" + aKey + "\", until: soon}]}": "write a day or a time",
		"{keys: x}":                           "not a key of evidence",
		"{anchors: [{}]}":                     "needs one of the two",
		"{anchors: [{file: here.txt}]}":       "has to be a whole path",
		"{anchors: [{file: /a, key: x}]}":     "a file has none",
		"{anchors: [{file: /a}, {file: /a}]}": "is there twice",
		"{anchors: [{witness: \"http://witness.example\", key: x}]}":  "begins with https://",
		"{anchors: [{witness: \"https://witness.example\", key: x}]}": "is no key of a witness",
	} {
		_, err := signed(t, section, tokens())
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", section, err, says)
		}
	}
}
