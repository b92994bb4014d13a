namespace Alongside.Bench.Record;

/// <summary>Something people do with real programs, in steps of a thirtieth of a second that a script can repeat.</summary>
internal abstract class Scene
{
    public abstract string Name { get; }

    /// <summary>Starts the programs and waits until they show what the scene begins with.</summary>
    public abstract void Prepare(Stage stage);

    /// <summary>Does what happens before frame <paramref name="frame"/>, counted from 0.</summary>
    public abstract void Step(Stage stage, int frame);

    /// <summary>The picture follows the step at once or not at all: a recorder may wait for it instead of watching the clock.</summary>
    public virtual bool IsStepped => false;
}
