from ._kernels import MeanVarResult as MeanVarResult
from ._kernels import StandardizeResult as StandardizeResult
from ._kernels import center as center
from ._kernels import differences as differences
from ._kernels import gauss as gauss
from ._kernels import largest as largest
from ._kernels import mean_var as mean_var
from ._kernels import standardize as standardize
from ._kernels import sum as sum
from ._kernels import weighted as weighted

def double(x: float) -> float: ...
