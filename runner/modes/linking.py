"""Compile kernels only as far as their loop needs them: typed and lowered, each of them once.

numba makes each function it meets executable by itself: it links whatever that calls, optimises the
whole, writes machine code and wraps it for Python. Of hundreds of kernels that call one another
none is ever called from outside, so that work is for nothing, and grows with their depth. Here a
kernel ends as a small module; the loop alone is linked with all of them, optimised and made
executable.

No code counts references to its arrays. The caller holds them all and no kernel makes one, and
counting is atomic: it was a third of a turn.
"""

import gc
from typing import Any

from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, CompilerBase, _LowerResult
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.funcdesc import PythonFunctionDescriptor
from numba.core.lowering import Lower


class KernelLibrary(JITCodeLibrary):
    """One kernel's module, for others to link; it never becomes executable by itself."""

    def finalize(self) -> None:
        """Stay as lowered."""
        self._finalized = True

    def _optimize_functions(self, module: Any) -> None:
        """Clean up what lowering left, for the loop to have less to link."""
        module.data_layout = self._codegen._data_layout
        passes, builder = self._codegen._function_pass_manager()
        for function in module.functions:
            if not function.is_declaration:
                passes.run(function, builder)

    def _get_module_for_linking(self) -> Any:
        """Return the module itself; what a loop inlines everywhere or never calls, it drops."""
        for function in self._final_module.functions:
            if not function.is_declaration:
                function.linkage = "linkonce_odr"
        return self._final_module

    def with_callees(self) -> list[Any]:
        """Return what has to be linked to call this kernel: itself, and all that it calls."""
        return list(dict.fromkeys((self, *self._linking_libraries)))


@register_pass(mutates_CFG=False, analysis_only=False)
class CompileKernel(LoweringPass):
    """All passes that the subset of kernels needs, in one.

    Between two passes numba prints their arguments' types, for which records like ours take longer
    than many a pass; and there are thirty, most of them for what kernels may not contain.
    """

    _name = "compile_kernel"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Compile one kernel to a module."""
        for part in (
            untyped_passes.TranslateByteCode,
            untyped_passes.FixupArgs,
            untyped_passes.IRProcessing,
            untyped_passes.ReconstructSSA,
            typed_passes.NopythonTypeInference,
            typed_passes.PreLowerStripPhis,
            typed_passes.IRLegalization,
        ):
            part().run_pass(state)
        self._lower(state)
        typed_passes.NoPythonBackend().run_pass(state)
        return True

    def _lower(self, state: Any) -> None:
        context, flags, ir = state.targetctx, state.flags, state.func_ir
        library = KernelLibrary(context.codegen(), state.func_id.func_qualname)
        descriptor = PythonFunctionDescriptor.from_specialized_function(
            ir,
            state.typemap,
            state.return_type,
            state.calltypes,
            mangler=context.mangler,
            inline=flags.forceinline,
            noalias=flags.noalias,
            abi_tags=[flags.get_mangle_string()],
        )
        with context.push_code_library(library):
            lower = Lower(context, library, descriptor, ir, metadata=state.metadata)
            lower.lower()
        entry = _entry()
        context.insert_user_function(entry, descriptor, library.with_callees())
        state.library = library
        state.type_annotation = None
        state["cr"] = _LowerResult(descriptor, lower.call_helper, cfunc=entry, env=lower.env)


def _entry() -> Any:
    """Return a name that numba accepts for a compiled function: a builtin that nobody calls."""
    return [].append


class KernelCompiler(CompilerBase):
    """Compiles a kernel for the loops that call it."""

    def compile_extra(self, func: Any) -> Any:
        """Return the compiled kernel."""
        self.state.flags.nrt = False
        return super().compile_extra(func)

    def define_pipelines(self) -> list[PassManager]:
        """Return the one pipeline of one pass."""
        pipeline = PassManager("kernel")
        pipeline.add_pass(CompileKernel, "compile a kernel")
        pipeline.finalize()
        return [pipeline]


class LoopCompiler(Compiler):
    """Compiles a loop as numba does, and before it all kernels that it calls.

    Collecting garbage is put off meanwhile: what is made lives until the end, and searching it
    again and again takes a fifth of the time.
    """

    def compile_extra(self, func: Any) -> Any:
        """Return the compiled loop."""
        self.state.flags.nrt = False
        enabled = gc.isenabled()
        gc.disable()
        try:
            return super().compile_extra(func)
        finally:
            if enabled:
                gc.enable()
