using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Alongside.Fuzz.Coverage;

/// <summary>
/// Rewrites an assembly of ours so that it tells <see cref="Footprint"/> where it is, and collects the constants it compares with.
/// Arithmetic on pixels and curve points is left as it is: it has no branches worth finding, and would be ten times slower.
/// </summary>
internal sealed class Instrumenter(Lexicon lexicon)
{
    private static readonly string[] LeftAlone =
        [".Codec.Kernels.", ".Codec.Motions.", ".Secure.P256.", ".Vnc.Security.DesBlock", ".Vnc.Pixels.TripletKernel", "System.", "Microsoft."];

    // Stable from run to run, so that a seed gives the same coverage.
    private readonly Random ids = new(1);
    private MethodReference edge = null!;
    private MethodReference compare = null!;

    public int Blocks { get; private set; }

    public void Rewrite(string from, string to)
    {
        using var module = ModuleDefinition.ReadModule(from);
        edge = module.ImportReference(typeof(Footprint).GetMethod(nameof(Footprint.Edge)));
        compare = module.ImportReference(typeof(Footprint).GetMethod(nameof(Footprint.Compare)));
        foreach (var type in module.GetTypes().Where(type => !Array.Exists(LeftAlone, part => $".{type.FullName}".Contains(part, StringComparison.Ordinal))))
        {
            foreach (var method in type.Methods.Where(method => method.HasBody))
            {
                CollectWords(type, method.Body);
                Rewrite(type, method.Body);
            }
        }

        module.Write(to);
    }

    private void Rewrite(TypeDefinition type, MethodBody body)
    {
        body.SimplifyMacros();
        var il = body.GetILProcessor();
        var original = body.Instructions.ToArray();
        var starts = BlockStarts(body);
        VariableDefinition? scratch = null;
        foreach (var instruction in original)
        {
            if (IsComparison(instruction.OpCode.Code) && instruction.Previous is { } before && IsInt32(before, body))
            {
                if (before.OpCode.Code == Code.Ldc_I4)
                {
                    lexicon.Add(type.FullName, (int)before.Operand);
                }

                if (scratch is null)
                {
                    scratch = new(body.Method.Module.TypeSystem.Int32);
                    body.Variables.Add(scratch);
                    body.InitLocals = true;
                }

                // ..., a, b  ->  Compare(a, b, id), and again ..., a, b
                Insert(il, instruction, il.Create(OpCodes.Stloc, scratch), il.Create(OpCodes.Dup), il.Create(OpCodes.Ldloc, scratch),
                    il.Create(OpCodes.Ldc_I4, ids.Next(1 << 16)), il.Create(OpCodes.Call, compare), il.Create(OpCodes.Ldloc, scratch));
            }
        }

        foreach (var start in starts)
        {
            // The block's first instruction becomes ours and is repeated behind it, so that every branch still lands at the beginning.
            var copy = il.Create(OpCodes.Nop);
            (copy.OpCode, copy.Operand) = (start.OpCode, start.Operand);
            il.InsertAfter(start, copy);
            il.InsertAfter(start, il.Create(OpCodes.Call, edge));
            (start.OpCode, start.Operand) = (OpCodes.Ldc_I4, ids.Next(1 << 16));
            Blocks++;
        }

        body.OptimizeMacros();
    }

    private static HashSet<Instruction> BlockStarts(MethodBody body)
    {
        var starts = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                starts.Add(target);
            }
            else if (instruction.Operand is Instruction[] targets)
            {
                starts.UnionWith(targets);
            }

            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch && instruction.Next is { } next)
            {
                starts.Add(next);
            }
        }

        return starts;
    }

    private static void Insert(ILProcessor il, Instruction before, params ReadOnlySpan<Instruction> inserted)
    {
        foreach (var instruction in inserted)
        {
            il.InsertBefore(before, instruction);
        }
    }

    private static bool IsComparison(Code code) => code is Code.Beq or Code.Bne_Un or Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un
        or Code.Bge or Code.Bge_Un or Code.Bgt or Code.Bgt_Un or Code.Ble or Code.Ble_Un or Code.Blt or Code.Blt_Un;

    /// <summary>Whether this instruction surely leaves a number of 32 bits, so that what it is compared with is one, too.</summary>
    private static bool IsInt32(Instruction instruction, MethodBody body) => instruction.OpCode.Code switch
    {
        Code.Ldc_I4 or Code.Conv_I4 or Code.Conv_U1 or Code.Conv_U2 or Code.Conv_U4 or Code.Ldelem_U1 or Code.Ldelem_I4 or Code.Ldind_U1 => true,
        Code.Ldloc => IsInt32(((VariableDefinition)instruction.Operand).VariableType),
        Code.Ldarg => instruction.Operand is ParameterDefinition parameter && parameter != body.ThisParameter && IsInt32(parameter.ParameterType),
        Code.Ldfld or Code.Ldsfld => IsInt32(((FieldReference)instruction.Operand).FieldType),
        Code.Call or Code.Callvirt => IsInt32(((MethodReference)instruction.Operand).ReturnType),
        _ => false,
    };

    private static bool IsInt32(TypeReference type) =>
        type.MetadataType is MetadataType.Int32 or MetadataType.UInt32 or MetadataType.Int16 or MetadataType.UInt16 or MetadataType.Byte or MetadataType.SByte;

    private void CollectWords(TypeDefinition type, MethodBody body)
    {
        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case string { Length: > 0 and <= 32 } text:
                    lexicon.Add(type.FullName, Encoding.UTF8.GetBytes(text));
                    break;
                case FieldReference field when instruction.OpCode == OpCodes.Ldsflda && field.Resolve() is { InitialValue: { Length: > 1 and <= 33 } bytes }:
                    // What a literal of bytes is made of; the 0 behind one of text is not part of it.
                    lexicon.Add(type.FullName, bytes[^1] == 0 ? bytes[..^1] : bytes);
                    break;
            }
        }
    }
}
