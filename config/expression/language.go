package expression

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"latchkey/catalog"
)

const (
	longest  = 2_000   // characters an expression may have
	mostCost = 100_000 // steps it may take, by CEL's own count: some milliseconds
)

// Person is what an expression can ask of somebody.
type Person struct {
	Email      string   `cel:"email"`
	Department string   `cel:"department"`
	Title      string   `cel:"title"`
	Type       string   `cel:"type"`
	Location   string   `cel:"location"`
	Manager    string   `cel:"manager"`
	Groups     []string `cel:"groups"`
}

// App is what an expression can ask of the app.
type App struct {
	ID       string   `cel:"id"`
	Name     string   `cel:"name"`
	Category string   `cel:"category"`
	Tags     []string `cel:"tags"`
}

// Role is what an expression can ask of the role.
type Role struct {
	ID   string `cel:"id"`
	Name string `cel:"name"`
	Risk string `cel:"risk"`
	Kind string `cel:"kind"`
}

// Peers is what an expression can ask of the person's colleagues who have the role.
type Peers struct {
	Share float64 `cel:"share"` // 0 to 1
	Count int64   `cel:"count"` // how many have it
}

// Language compiles expressions.
type Language struct{ env *cel.Env }

// New makes the language. It fails only by a fault of its own.
func New() (Language, error) {
	object := func(of any) *cel.Type { return cel.ObjectType("expression." + reflect.TypeOf(of).Name()) }
	env, err := cel.NewEnv(
		ext.NativeTypes(reflect.TypeFor[Person](), reflect.TypeFor[App](), reflect.TypeFor[Role](), reflect.TypeFor[Peers](), ext.ParseStructTags(true)),
		ext.Strings(),
		cel.Variable("person", object(Person{})), cel.Variable("requester", object(Person{})),
		cel.Variable("app", object(App{})), cel.Variable("role", object(Role{})), cel.Variable("peers", object(Peers{})),
		cel.Variable("wanted", cel.DurationType), cel.Variable("permanent", cel.BoolType), cel.Variable("extends", cel.BoolType),
	)
	if err != nil {
		return Language{}, fmt.Errorf("make the language of conditions: %w", err)
	}
	return Language{env}, nil
}

// Compile reads an expression that is true or false. It is refused where it is none, or could
// take too long.
func (l Language) Compile(text string) (catalog.Expression, []Problem) {
	if len(text) > longest {
		return catalog.Expression{}, whole("is longer than %d characters: split the rule, or use its matchers", longest)
	}
	checked, issues := l.env.Compile(text)
	if issues.Err() != nil {
		return catalog.Expression{}, problems(text, issues)
	}
	if checked.OutputType() != cel.BoolType {
		return catalog.Expression{}, whole("is %s: write what is true or false, for example person.department == \"Finance\"", inPlain(checked.OutputType().String()))
	}
	cost, err := l.env.EstimateCost(checked, sizes{})
	if err != nil || cost.Max > mostCost {
		return catalog.Expression{}, whole("may take too long to work out: it must not go through lists within lists")
	}
	e, faults := asks(checked.NativeRep())
	if len(faults) > 0 {
		return catalog.Expression{}, faults
	}
	program, err := l.env.Program(checked, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval), cel.CostLimit(mostCost))
	if err != nil {
		return catalog.Expression{}, whole("can't be worked out: %v", err)
	}
	e.Text = text
	e.Holds = judge(program, e.Groups)
	return e, nil
}

// Names are what an expression can ask about.
func Names() []string {
	out := []string{"wanted", "permanent", "extends"}
	for name, of := range map[string]reflect.Type{
		"person": reflect.TypeFor[Person](), "requester": reflect.TypeFor[Person](), "app": reflect.TypeFor[App](), "role": reflect.TypeFor[Role](), "peers": reflect.TypeFor[Peers](),
	} {
		out = append(out, name)
		for i := range of.NumField() {
			out = append(out, name+"."+of.Field(i).Tag.Get("cel"))
		}
	}
	slices.Sort(out)
	return out
}

// namesOf are the attributes of something that an expression can ask about; without it, what that can be.
func namesOf(what string) (words []string) {
	for _, n := range Names() {
		of, field, dotted := strings.Cut(n, ".")
		switch {
		case what == "" && !dotted:
			words = append(words, n)
		case what != "" && dotted && of == what:
			words = append(words, field)
		}
	}
	return words
}

// forever is as long as a duration can be: access without an end is longer than any other.
const forever = time.Duration(1<<63 - 1)
