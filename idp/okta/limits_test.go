package okta

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/clock"
	sandbox "latchkey/sandbox/okta"
)

// inMemory serves calls without a network, so that time in a synctest bubble stands still while nothing waits.
type inMemory struct{ http.Handler }

// RoundTrip implements http.RoundTripper with 200 ms latency.
func (m inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	<-time.After(100 * time.Millisecond)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, req)
	<-time.After(100 * time.Millisecond)
	return w.Result(), nil
}

func TestBurstStaysWithinOktasLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		org := sandbox.New(sandbox.Config{Limits: map[string]int{"/api/v1": 600}}) // 300 for one token
		defer org.Close()
		group := org.AddGroup(sandbox.Group{Name: "figma"})
		client := httpClient(Config{Clock: clock.System{}, Transport: inMemory{org.Handler()}})
		const people = 1000
		began := time.Now()
		var all sync.WaitGroup
		for i := range people {
			u := org.AddUser(sandbox.User{Login: fmt.Sprintf("p%d@x.com", i)})
			all.Go(func() { put(t, client, "http://okta.example/api/v1/groups/"+group.ID+"/users/"+u.ID) })
		}
		all.Wait()
		bound := 3 * time.Minute // three full windows, then the fourth
		if took := time.Since(began); took > bound*103/100+2*time.Second {
			t.Errorf("took %s, the limits allow %s", took, bound)
		}
		if v := org.Violations(); len(v) != 0 || len(org.Members("figma")) != people {
			t.Errorf("%d members, violations %v", len(org.Members("figma")), v)
		}
	})
}

func put(t *testing.T, client *http.Client, target string) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, target, nil)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Authorization", "SSWS "+sandbox.DemoToken)
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusNoContent {
		t.Errorf("status %d, %v", resp.StatusCode, err)
	}
}

func TestEachOktaLimitHasItsBucket(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v1/users": "users", "/api/v1/users/00u1": "users/{id}", "/api/v1/users/a%2Fb": "users/{id}",
		"/api/v1/users/00u1/groups": "other", "/api/v1/groups": "groups", "/api/v1/groups/00g1": "groups/{id}",
		"/api/v1/groups/rules": "groups/rules", "/api/v1/groups/00g1/users": "other", "/api/v1/groups/00g1/users/00u1": "other",
		"/api/v1/apps": "apps", "/api/v1/apps/0oa1": "apps/{id}", "/api/v1/apps/0oa1/groups": "apps/{id}/*", "/api/v1/logs": "logs",
	} {
		if got := bucketOf(httptest.NewRequest("GET", path+"?limit=1", nil)); got != want {
			t.Errorf("%s is in %q, want %q", path, got, want)
		}
	}
}

func TestTooManyAtATimeIsNotTheEndOfTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		org := sandbox.New(sandbox.Config{Concurrency: 4})
		defer org.Close()
		org.AddFault(sandbox.Fault{Delay: 100 * time.Millisecond})
		group := org.AddGroup(sandbox.Group{Name: "figma"})
		client := httpClient(Config{Clock: clock.System{}, Transport: inMemory{org.Handler()}})
		began := time.Now()
		var all sync.WaitGroup
		for i := range 20 {
			u := org.AddUser(sandbox.User{Login: fmt.Sprintf("p%d@x.com", i)})
			all.Go(func() { put(t, client, "http://okta.example/api/v1/groups/"+group.ID+"/users/"+u.ID) })
		}
		all.Wait()
		if org.Stats()["429"] == 0 {
			t.Error("nothing was refused, so nothing is tested")
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("took %s: the reset of such a refusal is a guess and must not be waited for", took)
		}
	})
}
