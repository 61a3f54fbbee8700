package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"latchkey/store/postgres/postgrestest"
)

// TestPostgresStories plays testdata/postgres/*.txtar with a store in a database, which
// several replicas may share. STORY_ON_POSTGRES names further stories that are played
// there, too: a pattern such as testdata/script/chase_*.txtar.
func TestPostgresStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/postgres/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal("there are no stories: ", err)
	}
	more, err := filepath.Glob(os.Getenv("STORY_ON_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	server := postgrestest.Start(t)
	tell(t, append(stories, more...), func(env *testscript.Env) error {
		dsn := server.Database(t)
		if _, err := os.Stat(filepath.Join(env.WorkDir, "begins_with_a_file")); err == nil {
			err = setUp(env)
			env.Values[companyKey{}].(*company).elsewhere = dsn
			return err
		}
		return setUpOn(env, dsn)
	})
}
