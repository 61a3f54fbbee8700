package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/evidence"
)

// exported is an export as somebody reads it.
func exported(t *testing.T, a *App, o Exporting) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := Export(t.Context(), a.config, &out, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestAnExportWhileTheBotRuns is the same as one of a store that nobody works on, and holds what was asked for.
func TestAnExportWhileTheBotRuns(t *testing.T) {
	a := idleApp(t)
	history(t, a)
	stop := a.openAdmin()
	csv := Exporting{ExportOptions: evidence.ExportOptions{Format: evidence.CSV, Parts: []evidence.Part{evidence.Grants}}}
	while, bundle := exported(t, a, csv), &bytes.Buffer{}
	if err := Bundle(t.Context(), a.config, bundle, true); err != nil || bundle.Len() == 0 {
		t.Error(err)
	}
	one := csv
	one.Who = "maya@acme.example"
	if _, err := Export(t.Context(), a.config, io.Discard, one); err == nil || !strings.Contains(err.Error(), "maya@acme.example") {
		t.Errorf("somebody whom nobody knows: %v", err)
	}
	stop()
	if strings.Count(while, "\n") != 3 || !strings.Contains(while, "G-1") || !strings.Contains(while, "G-2") {
		t.Error(while)
	}
	for app, want := range map[string]int{"figma": 3, "miro": 1} {
		some := csv
		some.Only.App = app
		var out bytes.Buffer
		r := httptest.NewRequest(http.MethodGet, "/export", nil)
		if err := evidence.Export(r.Context(), a.store, &out, some.ExportOptions); err != nil || strings.Count(out.String(), "\n") != want {
			t.Errorf("%s: %v\n%s", app, err, out.String())
		}
	}
	if err := a.store.Close(); err != nil { // now a command opens it
		t.Fatal(err)
	}
	if alone := exported(t, a, csv); alone != while {
		t.Errorf("while it runs\n%s\nand while it doesn't\n%s", while, alone)
	}
}

// TestWhatBreaksOffIsSaid: whoever gets half of something hears that it is half.
func TestWhatBreaksOffIsSaid(t *testing.T) {
	broken := errors.New("the disk is gone")
	at := httptest.NewServer(sending(func(_ *http.Request, w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	}))
	defer at.Close()
	client := at.Client()
	client.Transport = toServer{at.URL, client.Transport}
	var out bytes.Buffer
	if err := fetch(t.Context(), client, "/export", &out); err == nil || !strings.Contains(err.Error(), "the disk is gone") || out.String() != "half" {
		t.Errorf("%v %s", err, out.String())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fetch(ended, client, "/export", &out); err == nil {
		t.Error("nobody waits any more")
	}
}

// toServer has every call go to one server.
type toServer struct {
	url  string
	next http.RoundTripper
}

func (s toServer) RoundTrip(r *http.Request) (*http.Response, error) {
	there, err := http.NewRequestWithContext(r.Context(), r.Method, s.url+r.URL.Path, nil)
	if err != nil {
		return nil, err
	}
	return s.next.RoundTrip(there)
}
